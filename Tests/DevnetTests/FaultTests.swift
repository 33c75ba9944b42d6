import Bytes
import Foundation
import FoundationNetworking
import KaleRules
import Logging
import Sodium
import StellarXDR
import Testing

@testable import Devnet

/// Every fault, as clients of two nodes over one chain see it.
@Suite struct FaultTests {
  /// Two nodes without timer while `body` runs, and a funded account.
  private func withNodes(
    lag: UInt32 = 0, _ body: (RPCTests.Client, RPCTests.Client) async throws -> Void
  ) async throws {
    var settings = DevnetSettings()
    settings.nodes = [NodeSettings(port: 0), NodeSettings(port: 0, lagLedgers: lag)]
    settings.isManual = true
    settings.genesisTime = Bench.genesisTime
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let devnet = try Devnet(settings, logger: logger)
    let running = Task { try await devnet.run() }
    let ports = try await devnet.boundPorts()
    let result: Result<Void, any Error>
    do {
      result = .success(
        try await body(RPCTests.Client(port: ports[0]), RPCTests.Client(port: ports[1])))
    } catch {
      result = .failure(error)
    }
    running.cancel()
    _ = await running.result
    try result.get()
  }

  private func struck(_ kind: FaultKind, _ client: RPCTests.Client) async throws -> Int64? {
    try await client.result("devnet_state")["faults"]?["struck"]?[kind.rawValue]?.asInt
  }

  private func ledger(_ client: RPCTests.Client) async throws -> Int64? {
    try await client.result("getLatestLedger")["sequence"]?.asInt
  }

  private static let alice = Bench.pair("alice")

  /// A payment to oneself.
  private func payment(_ client: RPCTests.Client, sequence: Int64? = nil, fee: UInt32 = 100)
    async throws -> TransactionEnvelope
  {
    let next: Int64
    if let sequence {
      next = sequence
    } else {
      next = try #require(try await client.account(Self.alice.publicKey)).sequence + 1
    }
    return Transaction(
      source: .account(Self.alice.publicKey), fee: fee, sequence: next,
      operations: [
        StellarXDR.Operation(
          .payment(destination: .account(Self.alice.publicKey), asset: .native, amount: 1))
      ]
    ).signed(by: [Self.alice], networkID: Bench.network.networkID)
  }

  private func send(_ envelope: TransactionEnvelope, _ client: RPCTests.Client) async throws
    -> String?
  {
    try await client.result("sendTransaction", #"{"transaction":"\#(envelope.base64)"}"#)[
      "status"]?.asString
  }

  private func status(_ envelope: TransactionEnvelope, _ client: RPCTests.Client) async throws
    -> String?
  {
    let hash = envelope.hash(networkID: Bench.network.networkID)
    return try await client.result("getTransaction", #"{"hash":"\#(hash)"}"#)["status"]?.asString
  }

  @Test func nodesShareTheChain() async throws {
    try await withNodes(lag: 2) { near, far in
      try await near.fund(Self.alice)
      // Two ledgers before, she was not there.
      #expect(try await far.account(Self.alice.publicKey) == nil)
      _ = try await near.result("devnet_advance", #"{"ledgers":2}"#)
      #expect(try await far.account(Self.alice.publicKey) != nil)
      #expect(try await ledger(near) == 1_003)
      #expect(try await ledger(far) == 1_001)
      // What one node takes, all include.
      let envelope = try await payment(far)
      #expect(try await send(envelope, far) == "PENDING")
      _ = try await near.result("devnet_advance")
      #expect(try await status(envelope, near) == "SUCCESS")
      #expect(try await status(envelope, far) == "NOT_FOUND")
    }
  }

  @Test func aStuckNodeIsUnhealthyInTheEnd() async throws {
    try await withNodes { near, far in
      _ = try await near.result("devnet_fault", #"{"kind":"stuck","node":2}"#)
      _ = try await near.result("devnet_advance", #"{"ledgers":100}"#)
      #expect(try await ledger(far) == 1_000)
      #expect(try await ledger(near) == 1_100)
      #expect(try await far.errorCode("getHealth") == -32_603)
      #expect(try await near.errorCode("getHealth") == nil)
      _ = try await near.result("devnet_heal", "{}")
      #expect(try await ledger(far) == 1_100)
      #expect(try #require(try await struck(.stuck, near)) >= 2)
    }
  }

  @Test func laggingNodesKnowOldState() async throws {
    try await withNodes { near, far in
      try await near.fund(Self.alice)
      let first = try await payment(near)
      _ = try await near.result("devnet_fault", #"{"kind":"lag","node":2,"value":1}"#)
      #expect(try await send(first, near) == "PENDING")
      _ = try await near.result("devnet_advance")
      // The node that is behind takes the sequence number of before, and refuses the next.
      let next = try await payment(near)
      #expect(try await send(next, far) == "ERROR")
      #expect(try await send(next, near) == "PENDING")
      #expect(try await status(first, far) == "NOT_FOUND")
    }
  }

  @Test func disagreeingNodes() async throws {
    try await withNodes { near, far in
      let farm = LedgerKey.instance(of: Bench.network.farmContract).base64
      _ = try await near.result("devnet_fault", #"{"kind":"false-index","node":2,"value":5}"#)
      func index(_ client: RPCTests.Client) async throws -> UInt32? {
        let result = try await client.result("getLedgerEntries", #"{"keys":["\#(farm)"]}"#)
        let xdr = try #require(result["entries"]?.asArray?.first?["xdr"]?.asString)
        guard case .contractData(let data) = try LedgerEntryData(base64: xdr),
          case .contractInstance(let instance) = data.value
        else { return nil }
        return FarmStorage.instance(instance)?.index.rawValue
      }
      #expect(try await index(near) == 0)
      #expect(try await index(far) == 5)
      _ = try await near.result(
        "devnet_fault",
        #"{"kind":"stale-entries","node":2,"value":1,"methods":["getLedgerEntries"]}"#
      )
      try await near.fund(Self.alice)
      // The old entries under the present ledger's number.
      let key = LedgerKey.account(Self.alice.publicKey).base64
      let stale = try await far.result("getLedgerEntries", #"{"keys":["\#(key)"]}"#)
      #expect(stale["entries"]?.asArray?.isEmpty == true)
      #expect(stale["latestLedger"]?.asInt == 1_001)
      #expect(try await near.account(Self.alice.publicKey) != nil)
    }
  }

  @Test func lostAndLate() async throws {
    try await withNodes { node, _ in
      try await node.fund(Self.alice)
      _ = try await node.result("devnet_fault", #"{"kind":"lost","times":1}"#)
      let envelope = try await payment(node)
      #expect(try await send(envelope, node) == "PENDING")
      _ = try await node.result("devnet_advance", #"{"ledgers":5}"#)
      #expect(try await status(envelope, node) == "NOT_FOUND")
      _ = try await node.result("devnet_fault", #"{"kind":"late","value":3,"times":1}"#)
      #expect(try await send(envelope, node) == "PENDING")
      #expect(try await send(envelope, node) == "DUPLICATE")
      _ = try await node.result("devnet_advance", #"{"ledgers":3}"#)
      #expect(try await status(envelope, node) == "NOT_FOUND")
      _ = try await node.result("devnet_advance")
      #expect(try await status(envelope, node) == "SUCCESS")
      #expect(try await struck(.lost, node) == 1)
      #expect(try await struck(.late, node) == 1)
    }
  }

  @Test(arguments: [
    ("try-again-later", "TRY_AGAIN_LATER"), ("bad-sequence", "ERROR"), ("queue-full", "ERROR"),
    ("duplicate", "DUPLICATE"),
  ])
  func falseAnswers(_ kind: String, _ answer: String) async throws {
    try await withNodes { node, _ in
      try await node.fund(Self.alice)
      let after = kind == "duplicate" ? "false" : "true"
      // With `after` it is queued in spite of the answer.
      _ = try await node.result("devnet_fault", #"{"kind":"\#(kind)","after":\#(after)}"#)
      let envelope = try await payment(node)
      #expect(try await send(envelope, node) == answer)
      _ = try await node.result("devnet_heal", #"{"kind":"\#(kind)"}"#)
      _ = try await node.result("devnet_advance")
      #expect(try await status(envelope, node) == "SUCCESS")
    }
  }

  @Test func feeSpikes() async throws {
    try await withNodes { node, _ in
      try await node.fund(Self.alice)
      _ = try await node.result("devnet_fault", #"{"kind":"fee-spike","value":5000}"#)
      let cheap = try await payment(node)
      #expect(try await send(cheap, node) == "PENDING")
      _ = try await node.result("devnet_advance", #"{"ledgers":4}"#)
      #expect(try await status(cheap, node) == "NOT_FOUND")
      #expect(try await struck(.feeSpike, node) == 4)
      // It was dropped, and its hash is refused for a while.
      #expect(try await send(cheap, node) == "TRY_AGAIN_LATER")
      let dear = try await payment(node, fee: 6_000)
      #expect(try await send(dear, node) == "PENDING")
      _ = try await node.result("devnet_advance")
      #expect(try await status(dear, node) == "SUCCESS")
      let hash = dear.hash(networkID: Bench.network.networkID)
      let told = try await node.result("getTransaction", #"{"hash":"\#(hash)"}"#)
      let result = try TransactionResult(base64: try #require(told["resultXdr"]?.asString))
      #expect(result.feeCharged == 5_000)
      let stats = try await node.result("getFeeStats")
      #expect(stats["inclusionFee"]?["max"] == .string("5000"))
    }
  }

  @Test func httpErrors() async throws {
    try await withNodes { node, other in
      let body = #"{"jsonrpc":"2.0","id":1,"method":"getNetwork"}"#
      _ = try await node.result("devnet_fault", #"{"kind":"http-error","node":1,"value":502}"#)
      #expect(try await node.http(node.request(body: body)).status == 502)
      #expect(try await other.http(other.request(body: body)).status == 200)
      #expect(try await struck(.httpError, node) == 1)
    }
  }

  /// The request was carried out and its answer lost.
  @Test func resetsAfterSending() async throws {
    try await withNodes { node, _ in
      try await node.fund(Self.alice)
      _ = try await node.result(
        "devnet_fault", #"{"kind":"reset","after":true,"methods":["sendTransaction"]}"#)
      let envelope = try await payment(node)
      let request = node.request(
        body:
          #"{"jsonrpc":"2.0","id":1,"method":"sendTransaction","params":{"transaction":"\#(envelope.base64)"}}"#
      )
      // A connection of its own: on one used before URLSession would try again.
      let session = URLSession(configuration: .ephemeral)
      await #expect(throws: URLError.self) { try await session.data(for: request) }
      _ = try await node.result("devnet_advance")
      #expect(try await status(envelope, node) == "SUCCESS")
    }
  }

  @Test func nobodyListens() async throws {
    try await withNodes { node, other in
      let id = try #require(
        try await node.result("devnet_fault", #"{"kind":"refused","node":2}"#)["id"]?.asInt)
      // The listener closes soon after.
      while (try? await other.http(other.request("GET"))) != nil { await Task.yield() }
      await #expect(throws: URLError.self) { try await other.http(other.request("GET")) }
      // One must stay.
      #expect(try await node.errorCode("devnet_fault", #"{"kind":"refused","node":1}"#) == -32_602)
      _ = try await node.result("devnet_heal", #"{"id":\#(id)}"#)
      while (try? await other.http(other.request("GET"))) == nil { await Task.yield() }
      #expect(try await other.result("getNetwork")["passphrase"] != nil)
    }
  }

  @Test(arguments: Garbage.Form.allCases) func garbage(_ form: Garbage.Form) async throws {
    try await withNodes { node, _ in
      _ = try await node.result(
        "devnet_fault", #"{"kind":"garbage","form":"\#(form.rawValue)","value":300000}"#)
      let request = node.request(body: #"{"jsonrpc":"2.0","id":1,"method":"getNetwork"}"#)
      let (data, _) = try await URLSession.shared.data(for: request)
      let json = JSON(parsing: data)
      switch form {
      case .truncated, .html, .empty, .binary: #expect(json == nil)
      case .types: #expect(json?["result"]?["protocolVersion"] == .string("27"))
      case .identity: #expect(json?["id"]?.asString != nil)
      case .huge: #expect(data.count == 300_002)
      }
    }
  }

  /// Answers that come late still come.
  @Test func latency() async throws {
    try await withNodes { node, _ in
      _ = try await node.result("devnet_fault", #"{"kind":"latency","value":1,"after":true}"#)
      #expect(try await ledger(node) == 1_000)
      #expect(try await struck(.latency, node) == 1)
    }
  }

  @Test(arguments: [
    #"{"kind":"none"}"#, #"{"kind":"lag","node":3}"#, #"{"kind":"lag","probability":2}"#,
    #"{"kind":"garbage","form":"x"}"#, #"{"kind":"lost","times":0}"#, "{}",
  ])
  func badOrders(_ order: String) async throws {
    try await withNodes { node, _ in
      let code = try await node.errorCode("devnet_fault", order)
      #expect(code == -32_602)
    }
  }
}
