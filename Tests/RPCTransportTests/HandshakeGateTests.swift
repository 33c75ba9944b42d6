import NIOCore
import Synchronization
import Testing

@testable import RPCTransport

@Suite struct HandshakeGateTests {
  let start = NIODeadline.now()

  @Test func anAddressHasABurstAndThenARate() {
    let gate = HandshakeGate()
    var entered = 0
    while let place = gate.enter("a", now: start) {
      gate.leave(place, accepted: false)
      entered += 1
    }
    #expect(entered == 64)
    #expect(gate.enter("b", now: start) != nil, "another address is not concerned")
    let later = start + .seconds(1)
    var again = 0
    while let place = gate.enter("a", now: later) {
      gate.leave(place, accepted: false)
      again += 1
    }
    #expect(again == 20)
  }

  @Test func whatIsAcceptedIsGivenBack() throws {
    let gate = HandshakeGate()
    for _ in 0..<1_000 {
      let place = try #require(gate.enter("a", now: start))
      gate.leave(place, accepted: true)
    }
  }

  @Test func halfDoneOnesAreLimited() throws {
    let gate = HandshakeGate()
    var places: [HandshakeGate.Place] = []
    for _ in 0..<64 { places.append(try #require(gate.enter("a", now: start))) }
    #expect(gate.enter("a", now: start + .seconds(60)) == nil)
    gate.leave(places[0], accepted: false)
    #expect(gate.enter("a", now: start + .seconds(60)) != nil)
  }

  /// Fills the table: 10.0.0.x has 300 places, every other network fewer.
  func full(_ closed: Closed) throws -> (HandshakeGate, places: [HandshakeGate.Place]) {
    let gate = HandshakeGate()
    var places: [HandshakeGate.Place] = []
    for number in 0..<TransportLimits.pendingHandshakes {
      let network = number < 300 ? "10.0.0" : "10.1.\(number % 200)"
      let name = "\(network).\(number % 250)"
      places.append(
        try #require(
          gate.enter(name, now: start) { closed.numbers.withLock { $0.append(number) } }))
    }
    return (gate, places)
  }

  /// The numbers of the handshakes that were put out.
  final class Closed: Sendable {
    let numbers = Mutex<[Int]>([])
  }

  @Test func aFullTableMakesRoomWhereMostIs() throws {
    let closed = Closed()
    let (gate, _) = try full(closed)
    #expect(gate.enter("192.168.0.1", now: start) != nil)
    #expect(gate.enter("192.168.0.2", now: start) != nil)
    #expect(closed.numbers.withLock { $0 } == [0, 1], "the oldest of the fullest network")
    #expect(gate.pending == TransportLimits.pendingHandshakes)
  }

  @Test func aFailedHandshakeGoesFirst() throws {
    let closed = Closed()
    let (gate, places) = try full(closed)
    gate.failed(places[4_000])
    gate.failed(places[3_000])
    // One that has left in the meantime is none any more.
    gate.leave(places[3_000], accepted: false)
    for _ in 0..<3 { #expect(gate.enter("192.168.0.1", now: start) != nil) }
    #expect(closed.numbers.withLock { $0 } == [4_000, 0])
    // Leaving after having been put out changes nothing.
    gate.leave(places[4_000], accepted: true)
    gate.leave(places[0], accepted: true)
    #expect(gate.pending == TransportLimits.pendingHandshakes)
  }

  @Test(arguments: [
    ("192.168.7.9", "192.168.7"), ("2001:db8:1:2345:6::7", "2001:db8:1:23"), ("::1", "0:0:0:0"),
    ("fe80::1%eth0", "fe80:0:0:0"), ("2001:db8::", "2001:db8:0:0"), ("local", "local"),
  ])
  func networks(_ address: String, _ network: String) {
    #expect(HandshakeGate.network(of: address) == network)
  }
}

@Suite struct WorkBudgetTests {
  let start = NIODeadline.now()

  @Test func halfACoreIsHalfACore() {
    let budget = WorkBudget(share: 0.5, now: start)
    // A second's worth at once, then as much as time gives.
    var now = start
    var used = 0.0
    for _ in 0..<100_000 {
      let wait = budget.wait(now: now)
      if wait == .zero {
        budget.used(.microseconds(200), now: now)
        used += 0.0002
      } else {
        now = now + wait
      }
      if now - start > .seconds(10) { break }
    }
    let seconds = Double((now - start).nanoseconds) / 1e9
    #expect(used <= 0.5 * seconds + 0.5 + 0.001)
    #expect(used >= 0.5 * seconds * 0.9, "it is used, too")
  }

  @Test func afterARestThereIsNoMoreThanASecondsWorth() {
    let budget = WorkBudget(share: 0.5, now: start)
    let later = start + .seconds(3_600)
    #expect(budget.wait(now: later) == .zero)
    budget.used(.milliseconds(501), now: later)
    #expect(budget.wait(now: later) > .zero)
  }
}
