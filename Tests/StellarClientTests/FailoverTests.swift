import Foundation
import KaleRules
import StellarClient
import StellarXDR
import Synchronization
import Testing

@Suite struct FailoverTests {
  /// A second node that is sound.
  private func beside(
    _ first: TestServer, _ body: (RPCClient, ScriptedNode) async throws -> Void
  ) async throws {
    defer { first.stop() }
    let node = ScriptedNode()
    let server = node.serve()
    defer { server.stop() }
    var settings = RPCSettings(endpoints: [first.url, server.url])
    settings.failoverTimeout = .milliseconds(100)
    try await body(RPCClient(settings), node)
  }

  @Test(arguments: ["<html>", "{}", "{\"result\":{}}", "{\"result\":{\"sequence\":\"x\"}}"])
  func garbageIsNoAnswer(body: String) async throws {
    try await beside(TestServer { _ in .text(body) }) { rpc, _ in
      let tick = try await rpc.getLatestLedger()
      #expect(tick.sequence == 1001)
      #expect(rpc.nodes.map(\.failures) == [1, 0])
    }
  }

  @Test func aNodeThatHangsCostsLittle() async throws {
    let slow = TestServer { _ in
      Thread.sleep(forTimeInterval: 1)
      return .hangUp
    }
    try await beside(slow) { rpc, _ in
      let start = ContinuousClock.now
      let ticks = [try await rpc.getLatestLedger(), try await rpc.getLatestLedger()]
      #expect(ticks.map(\.sequence) == [1001, 1002])
      #expect(rpc.nodes[0].failures >= 1)
      #expect(ContinuousClock.now - start < .seconds(10))
    }
  }

  @Test func aNodeThatIsBehindIsPassedOver() async throws {
    let behind = ScriptedNode()
    behind.with { $0.ledger = 900 }
    try await beside(behind.serve()) { rpc, node in
      let account = TestSigner.account(1)
      behind.with { $0.sequences[account] = 1 }
      node.with { $0.sequences[account] = 2 }
      let entries = try await rpc.getLedgerEntries([.account(account)], since: 1000)
      guard case .account(let entry)? = entries[.account(account)]?.data else {
        Issue.record("no account")
        return
      }
      #expect(entry.sequence == 2)
    }
  }

  @Test func retryAfterIsKept() async throws {
    let calls = Mutex(0)
    let limited = TestServer { _ in
      calls.withLock { $0 += 1 }
      return .response(status: 429, headers: [("Retry-After", "60")], body: [])
    }
    try await beside(limited) { rpc, _ in
      for _ in 0..<5 { _ = try await rpc.getLatestLedger() }
      #expect(calls.withLock { $0 } == 1)
    }
    // Alone it is not asked before its time either.
    let alone = TestServer { _ in
      calls.withLock { $0 += 1 }
      return .response(status: 503, headers: [("Retry-After", "60")], body: [])
    }
    defer { alone.stop() }
    let rpc = RPCClient(RPCSettings(endpoints: [alone.url]))
    for _ in 0..<3 {
      let error = await #expect(throws: RPCError.self) { try await rpc.getLatestLedger() }
      #expect(error?.code == .busy)
    }
    #expect(calls.withLock { $0 } == 2)
  }
}
