import Testing

extension EndToEnd {
  @Suite struct HashCommand {
    static let hash = "0000000099be0037e5a48324959cb9dd10965ae59511cfd1996f9b917aad9980"
    static let base64 = "AAAAAAn66y/43JP7M02rwTmONZoWOmu1OPYz/bmzJ8o="
    static let hex = "0000000009faeb2ff8dc93fb334dabc1398e359a163a6bb538f633fdb9b327ca"
    /// Farmer of mainnet block 37, and the same bytes as a contract's address.
    static let account = "GBQHTQ7NTSKHVTSVM6EHUO3TU4P4BK2TAAII25V2TT2Q6OWXUJWEKALE"
    static let contract = "CBQHTQ7NTSKHVTSVM6EHUO3TU4P4BK2TAAII25V2TT2Q6OWXUJWELEO5"

    private func arguments(entropy: String = base64, farmer: String = account) -> [String] {
      [
        "hash", "--block", "37", "--entropy", entropy, "--nonce", "20495217910", "--farmer", farmer,
      ]
    }

    @Test(arguments: [base64, hex]) func printsHashAndZeros(entropy: String) async throws {
      let result = try await Program.kalepool.run(arguments(entropy: entropy))
      #expect(result.status == 0)
      #expect(result.output == "\(Self.hash)\n8 zeros\n")
    }

    @Test(arguments: [account, contract]) func printsJSON(farmer: String) async throws {
      let result = try await Program.kalepool.run(arguments(farmer: farmer) + ["--json"])
      #expect(result.status == 0)
      #expect(result.output == "{\"hash\": \"\(Self.hash)\", \"zeros\": 8}\n")
    }

    @Test func refusesEntropyThatIsNot32Bytes() async throws {
      let result = try await Program.kalepool.run(arguments(entropy: "AAAA"))
      #expect(result.problem.count > 30, "\(result)")
    }

    @Test(arguments: [
      // A changed last letter, a seed, nothing.
      "GBQHTQ7NTSKHVTSVM6EHUO3TU4P4BK2TAAII25V2TT2Q6OWXUJWEKALF",
      "SAAACAQDAQCQMBYIBEFAWDANBYHRAEISCMKBKFQXDAMRUGY4DUPB6NKI", "farmer",
    ])
    func refusesMalformedAddress(farmer: String) async throws {
      let result = try await Program.kalepool.run(arguments(farmer: farmer))
      #expect(result.problem.count > 30, "\(result)")
    }
  }
}
