import RPCTransport
import Testing

@Suite struct BackoffTests {
  @Test func theTableInTheCommentHolds() {
    var backoff = Backoff()
    var ceilings: [Double] = []
    for _ in 0..<40 {
      ceilings.append(backoff.ceilingMs)
      let wait = backoff.next()
      #expect(wait >= .zero && wait <= .milliseconds(30_000))
    }
    #expect(ceilings[0] == 500 && ceilings[1] == 800 && ceilings[2] == 1_280)
    #expect(ceilings[9...].allSatisfy { $0 == 30_000 })
    backoff.reset()
    #expect(backoff.ceilingMs == 500)
  }

  @Test func noWaitIsLongerThanTheOutageSoFar() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<100 {
      var backoff = Backoff()
      let start = ContinuousClock.now
      // Short waits drawn in a row make no long one.
      for _ in 0..<20 { _ = backoff.next(now: start + .seconds(1), using: &random) }
      #expect(backoff.next(now: start + .seconds(4), using: &random) <= .seconds(3))
      #expect(backoff.next(now: start + .seconds(100), using: &random) <= .seconds(30))
    }
  }
}
