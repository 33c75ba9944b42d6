import KaleRules
import StellarClient
import Testing

@Suite struct LedgerFollowerTests {
  @Test func ticksOnlyGoForward() async throws {
    let node = ScriptedNode()
    let server = node.serve()
    defer { server.stop() }
    var pace = LedgerFollower.Settings()
    pace.interval = .milliseconds(1)
    let follower = LedgerFollower(RPCClient(RPCSettings(endpoints: [server.url])), settings: pace)
    let ticks = follower.ticks()
    let running = Task { await follower.run() }
    var last: LedgerTick?
    for await tick in ticks {
      if let last { #expect(tick.sequence > last.sequence && tick.closeTime > last.closeTime) }
      // A lagging node from time to time.
      if tick.sequence.rawValue.isMultiple(of: 5) { node.with { $0.ledger -= 3 } }
      last = tick
      if tick.sequence >= 1030 { break }
    }
    running.cancel()
    await running.value
    #expect(!follower.note(LedgerTick(sequence: 3, closeTime: 1)))
  }

  @Test func waitersAreServedAndReleased() async throws {
    let node = ScriptedNode()
    let server = node.serve()
    defer { server.stop() }
    var pace = LedgerFollower.Settings()
    pace.interval = .milliseconds(1)
    pace.stallLimit = .milliseconds(20)
    let follower = LedgerFollower(RPCClient(RPCSettings(endpoints: [server.url])), settings: pace)
    let running = Task { await follower.run() }
    // A slow machine may take the limit for a first answer.
    while (follower.latest?.sequence ?? 0) <= 1005 { await follower.wait(after: 1005) }
    // No ledger closes any more: who waits is released all the same.
    node.with { $0.isFrozen = true }
    await follower.wait(after: 1_000_000)
    // So is a cancelled waiter, and everybody at the end.
    let cancelled = Task { await follower.wait(after: 2_000_000) }
    cancelled.cancel()
    await cancelled.value
    let last = Task { await follower.wait(after: 3_000_000) }
    running.cancel()
    await running.value
    last.cancel()
    await last.value
  }
}
