import Bytes
import Coordinator
import Testing

/// Who is here and who works, by a clock that the tests turn.
@Suite struct PresenceTests {
  let agent = Office.key(1)
  let start = ContinuousClock.now
  let one = [UInt8](repeating: 1, count: 16)
  let two = [UInt8](repeating: 2, count: 16)

  func at(_ seconds: Double) -> ContinuousClock.Instant { start + .seconds(seconds) }

  /// An agent with a session `[7]` of process `one`.
  func connected() -> AgentPresence {
    var presence = AgentPresence()
    presence.opened(agent, session: [7], instance: one, now: at(0))
    return presence
  }

  // MARK: - Progress

  @Test func whoHashesIsNotStuck() {
    var watch = ProgressWatch(now: at(0))
    watch.sent(version: 1, until: at(300), now: at(0))
    watch.adopted(version: 1, now: at(1))
    for second in stride(from: 5.0, through: 250, by: 5) {
      _ = watch.reported(hashes: UInt64(second), isIdle: false, now: at(second))
      #expect(!watch.isStuck(now: at(second + 4.9)))
    }
  }

  @Test func anAgentThatNeverAdoptsItsSetIsStuck() {
    var watch = ProgressWatch(now: at(0))
    watch.sent(version: 1, until: at(300), now: at(2))
    // It hashes for what it had, and newer sets change nothing.
    for second in stride(from: 5.0, through: 15, by: 5) {
      _ = watch.reported(hashes: UInt64(second), isIdle: false, now: at(second))
      watch.sent(version: 1 + UInt64(second), until: at(300), now: at(second))
    }
    #expect(!watch.isStuck(now: at(16.9)))
    #expect(watch.isStuck(now: at(17)))
  }

  @Test func anAgentWhoseHashesStandStillIsStuck() {
    var watch = ProgressWatch(now: at(0))
    watch.sent(version: 1, until: at(300), now: at(0))
    watch.adopted(version: 1, now: at(0.1))
    _ = watch.reported(hashes: 100, isIdle: false, now: at(1))
    let moved = watch.reported(hashes: 200, isIdle: false, now: at(5))
    let stoodStill = !watch.reported(hashes: 200, isIdle: false, now: at(10))
    #expect(moved && stoodStill)
    #expect(!watch.isStuck(now: at(19.9)))
    #expect(watch.isStuck(now: at(20)))
    watch.found(now: at(20))
    #expect(!watch.isStuck(now: at(34.9)))
  }

  @Test func whoHasNothingToDoIsNotStuck() {
    var watch = ProgressWatch(now: at(0))
    #expect(!watch.isStuck(now: at(100)))
    watch.sent(version: 1, until: nil, now: at(100))
    #expect(!watch.isStuck(now: at(200)))
    // Work of a block that is over is none.
    watch.sent(version: 2, until: at(210), now: at(200))
    #expect(!watch.isStuck(now: at(230)))
    // At the block's most zeros nothing more is to be found.
    watch.sent(version: 3, until: at(900), now: at(300))
    watch.adopted(version: 3, now: at(300))
    for second in stride(from: 305.0, through: 400, by: 5) {
      _ = watch.reported(hashes: 9, isIdle: true, now: at(second))
    }
    #expect(!watch.isStuck(now: at(405)))
  }

  // MARK: - Stuck agents

  @Test func aStuckAgentIsWedgedOnceASessionAndItsWorkGoes() {
    var presence = connected()
    presence.sent(version: 1, until: at(300), to: agent, now: at(0))
    let looked1 = presence.newlyWedged(now: at(14.9))
    #expect(looked1 == [])
    let looked2 = presence.newlyWedged(now: at(15))
    #expect(looked2 == [agent])
    let looked3 = presence.newlyWedged(now: at(15.5))
    #expect(looked3 == [])
    #expect(presence.state(of: agent, now: at(16)) == .wedged)
    #expect(presence.wedged(now: at(16)) == [agent])
    // Its session ends: nothing waits for it, and coming again does not heal it.
    presence.closed(agent, session: [7], hold: .seconds(10), now: at(17))
    #expect(presence.held(now: at(17)) == [])
    let again = presence.arrives(agent, previous: [7], instance: one, now: at(18))
    #expect(again == .admitted(resumed: false))
    presence.opened(agent, session: [8], instance: one, now: at(18))
    #expect(presence.state(of: agent, now: at(19)) == .wedged)
    // Time does, or hashes that count up.
    #expect(presence.state(of: agent, now: at(15 + 60)) == .online)
    presence.reported(hashes: 5, isIdle: false, by: agent, now: at(20))
    #expect(presence.state(of: agent, now: at(20)) == .wedged)
    presence.reported(hashes: 6, isIdle: false, by: agent, now: at(25))
    #expect(presence.state(of: agent, now: at(25)) == .online)
  }

  @Test func anotherProcessIsNotWedged() {
    var presence = connected()
    presence.sent(version: 1, until: at(300), to: agent, now: at(0))
    let looked4 = presence.newlyWedged(now: at(15))
    #expect(looked4 == [agent])
    presence.closed(agent, session: [7], hold: .zero, now: at(16))
    presence.opened(agent, session: [8], instance: two, now: at(17))
    #expect(presence.state(of: agent, now: at(17)) == .online)
  }

  // MARK: - Coming back

  @Test func aLostSessionsWorkWaits() {
    var presence = connected()
    presence.closed(agent, session: [7], hold: .seconds(10), now: at(100))
    #expect(presence.held(now: at(109)) == [agent])
    #expect(presence.state(of: agent, now: at(109)) == .away)
    let arrival = presence.arrives(agent, previous: [7], instance: one, now: at(109))
    #expect(arrival == .admitted(resumed: true))
    // READY's word holds until the session is open.
    #expect(presence.held(now: at(111)) == [agent])
    presence.opened(agent, session: [8], instance: one, now: at(111))
    #expect(presence.held(now: at(111)) == [])
    #expect(presence.state(of: agent, now: at(111)) == .online)
  }

  @Test func itDoesNotWaitForEver() {
    var presence = connected()
    presence.closed(agent, session: [7], hold: .seconds(10), now: at(100))
    #expect(presence.held(now: at(110)) == [])
    #expect(presence.state(of: agent, now: at(110)) == .offline)
    let late = presence.arrives(agent, previous: [7], instance: one, now: at(110))
    #expect(late == .admitted(resumed: false))
  }

  @Test func onlyTheSameProcessAndSessionResumes() {
    var presence = connected()
    presence.closed(agent, session: [7], hold: .seconds(10), now: at(0))
    for (previous, instance) in [([7], two), ([9], one), (nil, one)] as [([UInt8]?, [UInt8])] {
      let arrival = presence.arrives(agent, previous: previous, instance: instance, now: at(1))
      #expect(arrival == .admitted(resumed: false))
    }
    // Nor does somebody else's session.
    let stranger = presence.arrives(Office.key(2), previous: [7], instance: one, now: at(1))
    #expect(stranger == .admitted(resumed: false))
  }

  @Test func aHalfDeadSessionIsResumedToo() {
    var presence = connected()
    let arrival = presence.arrives(agent, previous: [7], instance: one, now: at(50))
    #expect(arrival == .admitted(resumed: true))
    presence.opened(agent, session: [8], instance: one, now: at(50))
    // The end of the old one comes late and changes nothing.
    presence.closed(agent, session: [7], hold: .zero, now: at(51))
    #expect(presence.state(of: agent, now: at(51)) == .online)
  }

  @Test func afterTheCoordinatorsStartAgentsAreWaitedFor() {
    var presence = AgentPresence()
    presence.expect(agent, hold: .seconds(10), now: at(0))
    #expect(presence.held(now: at(9)) == [agent])
    #expect(presence.held(now: at(10)) == [])
  }

  // MARK: - Two processes, one key

  @Test func aClonedKeyIsRefusedForAWhile() {
    var presence = connected()
    for turn in 1...3 {
      let instance = turn.isMultiple(of: 2) ? one : two
      let arrival = presence.arrives(
        agent, previous: nil, instance: instance, now: at(Double(turn)))
      #expect(arrival == .admitted(resumed: false))
      presence.opened(agent, session: [UInt8(turn)], instance: instance, now: at(Double(turn)))
    }
    let fourth = presence.arrives(agent, previous: nil, instance: one, now: at(4))
    #expect(fourth == .cloned(retryAfter: .seconds(60), isNew: true))
    let fifth = presence.arrives(agent, previous: nil, instance: two, now: at(34))
    #expect(fifth == .cloned(retryAfter: .seconds(30), isNew: false))
    let later = presence.arrives(agent, previous: nil, instance: one, now: at(64))
    #expect(later == .admitted(resumed: false))
  }

  @Test func aFlappingLineAndACrashingProcessAreNoClones() {
    var presence = connected()
    for turn in 1...20 {
      let arrival = presence.arrives(agent, previous: nil, instance: one, now: at(Double(turn)))
      #expect(arrival == .admitted(resumed: false))
    }
    for turn in 21...40 {
      let now = at(Double(turn))
      presence.closed(agent, session: [UInt8(turn - 1)], hold: .zero, now: now)
      presence.closed(agent, session: [7], hold: .zero, now: now)
      let instance = [UInt8](repeating: UInt8(turn), count: 16)
      let arrival = presence.arrives(agent, previous: nil, instance: instance, now: now)
      #expect(arrival == .admitted(resumed: false))
      presence.opened(agent, session: [UInt8(turn)], instance: instance, now: now)
    }
  }
}
