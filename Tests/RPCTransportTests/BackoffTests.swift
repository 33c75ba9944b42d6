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
}
