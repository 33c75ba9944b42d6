import Bytes
import KaleRules
import Sodium
import StellarClient
import StellarXDR
import Synchronization
import Testing

@Suite struct RPCClientTests {
  @Test func theNextNodeIsAskedAndRemembered() async throws {
    let deadURL = "http://127.0.0.1:1"  // nobody listens on a reserved port
    let busy = TestServer { _ in .text("no room", status: 503) }
    defer { busy.stop() }
    let node = ScriptedNode()
    let server = node.serve()
    defer { server.stop() }
    let rpc = RPCClient(RPCSettings(endpoints: [deadURL, busy.url, server.url]))
    #expect(try await rpc.getLatestLedger().sequence == 1001)
    #expect(try await rpc.getLatestLedger().sequence == 1002)
    #expect(busy.connectionCount == 1)
  }

  @Test(arguments: [
    ("{\"error\":{\"code\":-32602,\"message\":\"m\"}}", 200, RPCError.Code.refused(-32602)),
    ("{\"error\":{\"code\":-32601,\"message\":\"m\"}}", 200, .refused(-32601)),
    ("{\"error\":{\"code\":-32098,\"message\":\"m\"}}", 200, .busy),
    ("{\"error\":{\"code\":-32603,\"message\":\"m\"}}", 200, .outcomeUnknown),
    ("{}", 200, .badAnswer), ("<html>", 200, .badAnswer), ("{\"result\":{}}", 200, .badAnswer),
    ("x", 404, .refused(404)), ("x", 429, .busy), ("x", 503, .busy), ("x", 500, .outcomeUnknown),
  ])
  func answersThatAreNone(body: String, status: Int, code: RPCError.Code) async throws {
    let server = TestServer { _ in .text(body, status: status) }
    defer { server.stop() }
    let rpc = RPCClient(RPCSettings(endpoints: [server.url]))
    let error = await #expect(throws: RPCError.self) { try await rpc.getLatestLedger() }
    #expect(error?.code == code)
  }

  @Test func nodesThatAreGone() async throws {
    let server = TestServer { _ in .hangUp }
    defer { server.stop() }
    let lost = RPCClient(RPCSettings(endpoints: [server.url]))
    let unknown = await #expect(throws: RPCError.self) { try await lost.getLatestLedger() }
    #expect(unknown?.code == .outcomeUnknown)
    let gone = RPCClient(RPCSettings(endpoints: ["http://127.0.0.1:1"]))
    let unavailable = await #expect(throws: RPCError.self) { try await gone.getLatestLedger() }
    #expect(unavailable?.code == .unavailable)
  }

  @Test func entriesComeInBatchesWithoutDuplicates() async throws {
    let node = ScriptedNode()
    let server = node.serve()
    defer { server.stop() }
    let accounts = (0..<350).map { TestSigner.pair($0).publicKey }
    node.with { state in for account in accounts { state.sequences[account] = 5 } }
    let rpc = RPCClient(RPCSettings(endpoints: [server.url]))
    let keys = (accounts + accounts).map { LedgerKey.account($0) } + [.account(.zero)]
    let entries = try await rpc.getLedgerEntries(keys)
    #expect(entries.entries.count == 350)
    #expect(entries[.account(.zero)] == nil)
    #expect(node.with { $0.calls["getLedgerEntries"] } == 2)
  }

  @Test func requestsUnderWayHaveALimit() async throws {
    let state = Mutex((now: 0, most: 0))
    let server = TestServer { _ in
      state.withLock { state in
        state.now += 1
        state.most = max(state.most, state.now)
      }
      defer { state.withLock { $0.now -= 1 } }
      return .text("{\"result\":{\"sequence\":1,\"closeTime\":\"2\"}}")
    }
    defer { server.stop() }
    var settings = RPCSettings(endpoints: [server.url])
    settings.concurrentRequestsMax = 3
    let rpc = RPCClient(settings)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<200 { group.addTask { _ = try await rpc.getLatestLedger() } }
      try await group.waitForAll()
    }
    #expect(state.withLock { $0.most } <= 3)
  }
}

@Suite struct CallFailureTests {
  private let network = KaleNetwork.devnet

  private func failure(_ text: String, _ operation: Operation) -> CallFailure {
    let transaction = Transaction(
      source: .account(.zero), fee: 100, sequence: 1, operations: [operation])
    return CallFailure(
      simulation: text, events: [], call: transaction.call, on: network)
  }

  @Test func theOldestErrorEventSaysWhoseErrorItIs() {
    let calls = KaleCalls(network)
    let farm = StrKey.contract(network.farmContract)
    let token = StrKey.contract(network.assetContract)
    func text(_ code: Int, _ oldest: String) -> String {
      """
      HostError: Error(Contract, #\(code))

      Event log (newest first):
         0: [Diagnostic Event] topics:[error, Error(Contract, #\(code))], data:"escalating"
         1: [Diagnostic Event] contract:\(farm), topics:[error, Error(Contract, #\(code))], data:["x"]
         2: [Diagnostic Event] contract:\(oldest), topics:[error, Error(Contract, #\(code))], data:["x"]
         3: [Diagnostic Event] topics:[fn_call, \(farm), plant], data:[]
      """
    }
    let harvest = calls.harvest(.zero, 5)
    #expect(failure(text(10, token), harvest).cause == .token(.balance))
    #expect(failure(text(10, farm), harvest).cause == .kale(.workMissing))
  }

  @Test func withoutEventsTheCalledFunctionHelps() {
    let calls = KaleCalls(network)
    let plant = calls.plant(.zero, stake: 1)
    let harvest = calls.harvest(.zero, 5)
    let work = calls.work(.zero, hash: .zero, nonce: 0)
    func cause(_ code: Int, _ operation: Operation) -> CallFailure.Cause {
      failure("HostError: Error(Contract, #\(code))", operation).cause
    }
    #expect(cause(8, plant) == .kale(.pailExists))
    #expect(cause(10, plant) == .token(.balance))
    #expect(cause(13, plant) == .token(.trustlineMissing))
    #expect(cause(13, work) == .kale(.hashInvalid))
    #expect(cause(13, harvest) == .token(.trustlineMissing))
    #expect(cause(14, harvest) == .kale(.harvestNotReady))
    #expect(cause(10, harvest) == .contract(nil, 10))
  }

  @Test func theHostsOwnErrors() {
    let plant = KaleCalls(network).plant(.zero, stake: 1)
    #expect(
      failure("HostError: Error(Storage, ExceededLimit)", plant).cause
        == .host(.host(.storage, .exceededLimit)))
    #expect(failure("something else", plant).cause == .other)
    #expect(failure("Error(Nonsense, #x)", plant).cause == .other)
  }
}
