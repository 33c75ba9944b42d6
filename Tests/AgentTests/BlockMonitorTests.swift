import Agent
import PoolProtocol
import Testing

@Suite struct BlockMonitorTests {
  let start = ContinuousClock.now

  func facts(block: UInt32, nextOpenInMs: UInt32, accepting: Bool = true) -> FarmFacts {
    FarmFacts(
      ledgerSequence: 1, ledgerCloseTimeS: 1, blockIndex: block, blockOpenedAtS: 1,
      blockSeconds: 300, ledgerIntervalMs: 5_000, nextOpenInMs: nextOpenInMs,
      accepting: accepting)
  }

  @Test func anOpenBlockIsAskedForAtOnceAndTheNextOneAheadOfTime() {
    var monitor = BlockMonitor()
    #expect(monitor.next(now: start) == .wait(until: nil))
    monitor.receive(facts(block: 7, nextOpenInMs: 100_000), now: start)
    #expect(monitor.next(now: start) == .ask(block: 7))
    monitor.answered(block: 7)
    // Three ledgers and a second before the opening.
    let due = start + .seconds(84)
    #expect(monitor.next(now: start) == .wait(until: due))
    #expect(monitor.next(now: due) == .ask(block: 8))
    monitor.answered(block: 8)
    #expect(monitor.next(now: due) == .wait(until: nil))
    monitor.receive(facts(block: 8, nextOpenInMs: 300_000), now: due + .seconds(20))
    #expect(monitor.next(now: due + .seconds(20)) == .wait(until: due + .seconds(304)))
  }

  @Test func aBlockThatIsNearlyOverIsLeftAlone() {
    var monitor = BlockMonitor(ahead: .seconds(10))
    monitor.receive(facts(block: 7, nextOpenInMs: 9_000), now: start)
    #expect(monitor.next(now: start) == .ask(block: 8))
  }

  @Test func aFailedCallIsRepeatedAfterAWhile() {
    var monitor = BlockMonitor()
    monitor.receive(facts(block: 7, nextOpenInMs: 0), now: start)
    #expect(monitor.next(now: start) == .ask(block: 8))
    monitor.failed(now: start)
    #expect(monitor.next(now: start) == .wait(until: start + BlockMonitor.retryAfter))
    #expect(monitor.next(now: start + BlockMonitor.retryAfter) == .ask(block: 8))
  }

  @Test func nothingIsAskedWhileTheFarmIsClosed() {
    var monitor = BlockMonitor()
    monitor.receive(facts(block: 7, nextOpenInMs: 0, accepting: false), now: start)
    #expect(monitor.next(now: start) == .wait(until: nil))
  }

  @Test func whatWasAskedForStaysAskedForOnANewConnection() {
    var monitor = BlockMonitor()
    monitor.receive(facts(block: 7, nextOpenInMs: 100_000), now: start)
    monitor.answered(block: 7)
    monitor.disconnected()
    #expect(monitor.next(now: start) == .wait(until: nil))
    monitor.receive(facts(block: 7, nextOpenInMs: 90_000), now: start)
    #expect(monitor.next(now: start) == .wait(until: start + .seconds(74)))
  }
}
