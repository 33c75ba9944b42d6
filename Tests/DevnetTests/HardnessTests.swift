import Bytes
import Foundation
import Sodium
import StellarXDR
import Testing

@testable import Devnet

/// Whatever is sent, the node answers and lives on.
@Suite struct HardnessTests {
  private static let methods = [
    "getHealth", "getNetwork", "getVersionInfo", "getLatestLedger", "getFeeStats",
    "getLedgerEntries", "simulateTransaction", "sendTransaction", "getTransaction",
    "getTransactions", "getLedgers", "getEvents", "devnet_grantKale", "devnet_advance",
    "devnet_state", "devnet_clock", "devnet_set", "devnet_snapshot", "devnet_restore",
    "devnet_fault", "devnet_heal", "getNothing", "",
  ]

  private static let names = [
    "keys", "transaction", "hash", "startLedger", "endLedger", "filters", "pagination", "cursor",
    "limit", "xdrFormat", "authMode", "useUpgradedAuth", "resourceConfig", "instructionLeeway",
    "address", "amount", "ledgers", "skipSeconds", "entries", "remove", "name", "kind",
    "node", "probability", "value", "after", "form", "times", "seed", "id", "methods", "type",
    "contractIds", "topics", "xdr", "liveUntilLedgerSeq",
  ]

  private static func values(_ texts: [String]) -> [JSON] {
    [
      .null, .bool(true), .int(0), .int(1), .int(-1), .int(1_000), .int(1 << 31), .int(1 << 32),
      .int(.max), .int(.min), .double(0.5), .double(1e300), .double(-1e-300), .string(""),
      .string("*"), .string("json"), .string(String(repeating: "f", count: 64)),
      .string("9223372036854775807"), .string("4294967295-4294967295"),
      .string("9223372036854775807-4294967295"), .array([]),
    ] + texts.map { .string($0) } + FaultKind.allCases.map { .string($0.rawValue) }
  }

  private func server() throws -> (RPCServer, Ed25519KeyPair, Bench) {
    var bench = Bench { $0.isManual = true }
    let farmer = try bench.fund("farmer", kale: 100)
    let node = DevnetNode(chain: DevnetChain(bench.ledger), number: 1, lagLedgers: 0)
    let methods = RPCMethods(
      node: node, settings: bench.ledger.settings, network: .devnet, friendbotURL: "")
    return (RPCServer(methods: methods), farmer, bench)
  }

  @Test func anyParameters() async throws {
    let (server, farmer, bench) = try server()
    let envelope = try bench.prepare(Bench.plant(farmer, 5), by: farmer).envelope
    let values = Self.values([
      envelope.base64, LedgerKey.account(farmer.publicKey).base64,
      LedgerKey.configSetting(1).base64, StrKey.account(farmer.publicKey),
      StrKey.contract(Bench.network.farmContract), Bench.address(farmer).base64,
      LedgerEntry(lastModified: 1, data: .account(.new(farmer.publicKey, balance: .max, ledger: 1)))
        .base64,
    ])
    var random = SplitMix(seed: 20_261_123)
    func value(_ depth: Int) -> JSON {
      switch Int.random(in: 0..<(depth > 2 ? 6 : 10), using: &random) {
      case 6, 7: .array((0..<Int.random(in: 0...3, using: &random)).map { _ in value(depth + 1) })
      case 8, 9: object(depth + 1)
      default: values.randomElement(using: &random) ?? .null
      }
    }
    func object(_ depth: Int) -> JSON {
      .object(
        (0..<Int.random(in: 0...4, using: &random)).map { _ in
          JSON.Member(
            name: Self.names.randomElement(using: &random) ?? "", value: value(depth))
        })
    }
    for _ in 0..<4_000 {
      let request: JSON = .object([
        "jsonrpc": .string("2.0"), "id": value(2),
        "method": .string(Self.methods.randomElement(using: &random) ?? ""), "params": object(0),
      ])
      // As it comes over the wire.
      let answer = await server.answer(JSON(parsing: Data(request.bytes)))
      let told = try #require(answer)
      #expect((told["result"] == nil) != (told["error"] == nil))
      #expect(JSON(parsing: Data(told.bytes)) != nil)
    }
  }

  /// Envelopes with bent bits are refused, or run.
  @Test func bentEnvelopes() async throws {
    let (server, farmer, bench) = try server()
    let plant = try bench.draft(Bench.plant(farmer, 5), by: farmer)
    let signed = plant.signed(by: [farmer], networkID: Bench.network.networkID)
    let bump = FeeBumpTransaction(
      feeSource: .account(farmer.publicKey), fee: Int64(plant.fee) + 500, inner: plant,
      innerSignatures: []
    ).signed(by: [farmer], networkID: Bench.network.networkID)
    let trust = Transaction(
      source: .account(farmer.publicKey), fee: 300, sequence: plant.sequence,
      operations: [
        StellarXDR.Operation(.changeTrust(.asset(Bench.network.asset), limit: .max)),
        StellarXDR.Operation(.bumpSequence(to: .max)),
        StellarXDR.Operation(.manageData(name: [1], value: [2])),
      ]
    ).signed(by: [farmer], networkID: Bench.network.networkID)
    var random = SplitMix(seed: 7)
    for round in 0..<3_000 {
      var bytes = [signed, bump, trust][round % 3].xdr
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let at = Int.random(in: 0..<bytes.count, using: &random)
        bytes[at] =
          [0, 0xFF, 0x7F, 0x80, UInt8.random(in: 0...255, using: &random)]
          .randomElement(using: &random) ?? 0
      }
      for method in ["simulateTransaction", "sendTransaction"] {
        let request: JSON = .object([
          "jsonrpc": .string("2.0"), "id": .int(1), "method": .string(method),
          "params": .object(["transaction": .string(Base64.encode(bytes))]),
        ])
        #expect(await server.answer(request) != nil)
      }
      if round % 100 == 0 { await server.methods.node.chain.close() }
    }
  }

  @Test(arguments: [
    "[[[[[[[[[[[[[[[", "{\"id\":1e999}", "\u{0}",
    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\\ud800\"}",
    "[1,2,3]", "\"x\"", "1", "null", "{\"jsonrpc\":2.0,\"method\":[]}",
  ])
  func anyText(_ text: String) async throws {
    let (server, _, _) = try server()
    let answer = try #require(await server.answer(JSON(parsing: Data(text.utf8))))
    let first = answer.asArray?.first ?? answer
    #expect(first["error"]?["code"]?.asInt != nil)
  }

  @Test func deepText() async throws {
    let (server, _, _) = try server()
    for opening in ["[", "{\"a\":"] {
      let text = String(repeating: opening, count: RPCServer.bodyBytesMax / opening.utf8.count)
      let answer = await server.answer(JSON(parsing: Data(text.utf8)))
      #expect(answer?["error"]?["code"] == .int(-32_700))
    }
  }
}
