import Testing

extension EndToEnd {
  /// `kalepool xdr`, `strkey` and `tx inspect`.
  @Suite struct StellarCommands {
    static let account = "GBQHTQ7NTSKHVTSVM6EHUO3TU4P4BK2TAAII25V2TT2Q6OWXUJWEKALE"
    static let payload = "6079c3ed9c947ace5567887a3b73a71fc0ab5300108d76ba9cf50f3ad7a26c45"
    /// Opens an account with 21.2891475 XLM on the public network.
    static let envelope = """
      AAAAAgAAAADn9473yrzp0BxAEBTAFa4Xjf6fqvahsmLhjmgi4poYhAAAAGQDscjL0NE7XQAAAAEAAAAAAAAAAAAAAABq6\
      zImAAAAAAAAAAEAAAAAAAAAAAAAAADtiRiG9bVwkupNlNHrNgrtGzpU5FfFsQQNqDK1OcSv3AAAAAAMsHdTAAAAAAAAAA\
      HimhiEAAAAQHDS3mLBSRbXF8EwzYMkFJZlP+TIAbh7NQU49MRAQ8ZylX6kbKHIlAp3wG70SdSRZ0GBvp8Z8mXkT0QUWTh\
      QygE=
      """

    @Test func bothWays() async throws {
      let json = try await Program.kalepool.run([
        "xdr", "decode", "--type", "TransactionEnvelope", Self.envelope,
      ])
      #expect(json.output.contains(#""starting_balance":"212891475""#), "\(json)")
      let xdr = try await Program.kalepool.run([
        "xdr", "encode", "--type", "TransactionEnvelope", json.output,
      ])
      #expect(xdr.output == Self.envelope + "\n", "\(xdr)")
    }

    @Test func aTransactionExplained() async throws {
      let text = try await Program.kalepool.run(["tx", "inspect", Self.envelope])
      let signer = "GDT7PDXXZK6OTUA4IAIBJQAVVYLY37U7VL3KDMTC4GHGQIXCTIMIJRU2"
      #expect(text.output.contains("signed   by \(signer)"), "\(text)")
      #expect(
        text.output.contains("7c6d0095b415a2b272b7c847b2ba3f1db617e40a7090246183372e0c8d6ad130"))
      // Signed for another network, it is nobody's.
      let other = try await Program.kalepool.run([
        "tx", "inspect", "--network", "testnet", "--json", Self.envelope,
      ])
      #expect(other.output.contains(#""signatures":[{"hint":"e29a1884"}]"#), "\(other)")
    }

    @Test func keys() async throws {
      let decoded = try await Program.kalepool.run(["strkey", Self.account])
      #expect(decoded.output == "public_key \(Self.payload)\n", "\(decoded)")
      let encoded = try await Program.kalepool.run([
        "strkey", "encode", "--kind", "public_key", Self.payload,
      ])
      #expect(encoded.output == Self.account + "\n", "\(encoded)")
    }

    @Test(arguments: [
      ["xdr", "decode", "--type", "SCVal", "AAAA"], ["xdr", "decode", "--type", "SCVal", "?"],
      ["xdr", "decode", "--type", "SCValue", "AAAA"],
      ["xdr", "encode", "--type", "SCVal", "{"], ["tx", "inspect", "AAAAAA=="],
      ["tx", "inspect", "--network", "moon", envelope], ["strkey", account + "A"],
      ["strkey", "encode", "--kind", "seed", payload],
    ]) func badInputIsOneLine(arguments: [String]) async throws {
      let result = try await Program.kalepool.run(arguments)
      #expect(result.problem.count > 20, "\(result)")
    }
  }
}
