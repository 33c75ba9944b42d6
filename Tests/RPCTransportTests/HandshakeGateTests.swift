import NIOCore
import Testing

@testable import RPCTransport

@Suite struct HandshakeGateTests {
  let start = NIODeadline.now()

  @Test func anAddressHasABurstAndThenARate() {
    let gate = HandshakeGate()
    var entered = 0
    while gate.enter("a", now: start) {
      gate.leave("a", accepted: false)
      entered += 1
    }
    #expect(entered == 64)
    #expect(gate.enter("b", now: start), "another address is not concerned")
    let later = start + .seconds(1)
    var again = 0
    while gate.enter("a", now: later) {
      gate.leave("a", accepted: false)
      again += 1
    }
    #expect(again == 20)
  }

  @Test func whatIsAcceptedIsGivenBack() {
    let gate = HandshakeGate()
    for _ in 0..<1_000 {
      #expect(gate.enter("a", now: start))
      gate.leave("a", accepted: true)
    }
  }

  @Test func halfDoneOnesAreLimited() {
    let gate = HandshakeGate()
    for _ in 0..<64 { #expect(gate.enter("a", now: start)) }
    #expect(!gate.enter("a", now: start + .seconds(60)))
    gate.leave("a", accepted: false)
    #expect(gate.enter("a", now: start + .seconds(60)))
  }

  @Test func allTogetherAreLimited() {
    let gate = HandshakeGate()
    for number in 0..<TransportLimits.pendingHandshakes {
      #expect(gate.enter("address \(number)", now: start))
    }
    #expect(!gate.enter("one more", now: start))
  }
}
