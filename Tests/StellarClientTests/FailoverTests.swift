import Bytes
import Foundation
import JSON
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

  /// A node that took the bytes and did not say so may have queued them, whatever the next one says.
  @Test(arguments: [(true, true), (true, false), (false, true), (false, false)])
  func whatOneMayHaveIsNotForgotten(isTaken: Bool, isAnswered: Bool) async throws {
    let first = TestServer { _ in isTaken ? .hangUp : .text("", status: 503) }
    try await beside(first) { rpc, node in
      node.with { state in
        state.sequences[.zero] = 0
        state.fates = isAnswered ? [.refused(.badAuth)] : Array(repeating: .noRoom, count: 50)
      }
      let transaction = Transaction(
        source: .account(.zero), fee: 100, sequence: 1,
        operations: [Operation(.bumpSequence(to: 1))])
      let bytes = TransactionEnvelope.transaction(transaction, signatures: []).base64
      do throws(RPCError) {
        let answer = try await rpc.sendTransaction(bytes)
        #expect(isAnswered && answer.mayBeElsewhere == isTaken)
      } catch {
        #expect(!isAnswered && (error.code == .outcomeUnknown) == isTaken, "\(error)")
      }
    }
  }

  @Test func noKeyInAnAddressIsShown() async throws {
    let node = TestServer { _ in .text("", status: 404) }
    defer { node.stop() }
    for address in [node.url, "http://127.0.0.1:1"] {
      let rpc = RPCClient(RPCSettings(endpoints: [address + "/v1/SECRET?key=SECRET"]))
      let error = await #expect(throws: RPCError.self) { try await rpc.getLatestLedger() }
      #expect(error?.message.contains("127.0.0.1") == true, "\(String(describing: error))")
      #expect(error?.message.contains("SECRET") == false, "\(String(describing: error))")
    }
  }

  @Test(arguments: [
    #"{"sequence": 4294967295, "closeTime": "1"}"#,
    #"{"sequence": 7, "closeTime": "18446744073709551615"}"#,
  ])
  func numbersThatWouldOverflowAreNoAnswer(result: String) async throws {
    try await beside(
      TestServer { request in
        let id = (try? JSONValue(parsing: request.body))?["id"]?.text ?? "1"
        return .text(#"{"jsonrpc": "2.0", "id": \#(id), "result": \#(result)}"#)
      }
    ) { rpc, _ in
      let tick = try await rpc.getLatestLedger()
      #expect(tick.sequence == 1001)
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
