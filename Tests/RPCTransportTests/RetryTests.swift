import Bytes
import FramedRPC
import PoolProtocol
import SecureChannel
import Synchronization
import Testing

@testable import RPCTransport

/// Calls that are made again, and calls that are done once however often they are made.
@Suite(.timeLimit(.minutes(1))) struct RetryTests {
  let agent = StaticKeyPair(owner: .agent)

  // MARK: - When

  @Test func waitsGrowAndAttemptsEnd() {
    var policy = RetryPolicy()
    var random = SystemRandomNumberGenerator()
    let error = RPCError(.unavailable, "")
    for (attempt, most) in [(1, 100.0), (2, 200), (3, 400)] {
      let wait = policy.wait(after: error, attempt: attempt, using: &random) ?? .zero
      #expect(wait >= .milliseconds(most * 0.8) && wait <= .milliseconds(most * 1.2))
    }
    #expect(policy.wait(after: error, attempt: 4, using: &random) == nil)
  }

  @Test func theServersWordOnWhenCounts() {
    var policy = RetryPolicy()
    var random = SystemRandomNumberGenerator()
    var error = RPCError(.resourceExhausted, "")
    #expect(policy.wait(after: error, attempt: 1, using: &random) == nil)
    error.retryAfterMs = 700
    #expect(policy.wait(after: error, attempt: 1, using: &random) == .milliseconds(700))
  }

  @Test func whereMostFailsNothingIsTriedAgain() {
    var policy = RetryPolicy()
    var random = SystemRandomNumberGenerator()
    let error = RPCError(.unavailable, "")
    var retried = 0
    for _ in 0..<100 where policy.wait(after: error, attempt: 1, using: &random) != nil {
      retried += 1
    }
    #expect(retried == 4, "half of ten tokens")
    for _ in 0..<100 { policy.succeeded() }
    #expect(policy.wait(after: error, attempt: 1, using: &random) != nil)
  }

  @Test(arguments: RPCStatusCode.allCases)
  func onlyWhatMayPassIsTriedAgain(_ code: RPCStatusCode) {
    var policy = RetryPolicy()
    var random = SystemRandomNumberGenerator()
    let wait = policy.wait(after: RPCError(code, ""), attempt: 1, using: &random)
    #expect((wait != nil) == (code == .unavailable))
  }

  // MARK: - On the wire

  /// Fails the first `failures` times.
  func flaky(_ failures: Int, _ calls: Shared) -> RPCServices {
    var services = RPCServices()
    services.handle(Control.plant) { request, _ in
      let call = calls.value.withLock { calls in
        calls += 1
        return calls
      }
      if call <= failures { throw RPCError(.unavailable, "not yet") }
      return PlantReply(blockIndex: request.blockIndex, farmers: 1, already: false)
    }
    return services
  }

  @Test func anIdempotentCallIsMadeAgain() async throws {
    let calls = Shared(0)
    try await Loopback.run(
      authority: TestAuthority(agents: [agent.publicKey]), services: flaky(3, calls)
    ) { loopback in
      let session = try await loopback.connect(agent)
      let reply = try await session.call(Control.plant, PlantRequest(blockIndex: 5))
      #expect(reply.blockIndex == 5)
      #expect(calls.value.withLock { $0 } == 4)
    }
  }

  @Test func fourTimesAndNoMore() async throws {
    let calls = Shared(0)
    try await Loopback.run(
      authority: TestAuthority(agents: [agent.publicKey]), services: flaky(100, calls)
    ) { loopback in
      let session = try await loopback.connect(agent)
      await #expect(throws: RPCError(.unavailable, "not yet")) {
        try await session.call(Control.plant, PlantRequest(blockIndex: 5))
      }
      #expect(calls.value.withLock { $0 } == 4)
    }
  }

  /// The effect is counted; the first answer gets lost with its session.
  @Test func aCallWithEffectsIsDoneOnce() async throws {
    let calls = Shared(0)
    var services = RPCServices()
    services.handle(Control.rotateKey) { _, _ in
      let call = calls.value.withLock { calls in
        calls += 1
        return calls
      }
      return RotateKeyReply(expiresAtS: UInt64(call))
    }
    let other = StaticKeyPair(owner: .agent)
    let authority = TestAuthority(agents: [agent.publicKey, other.publicKey])
    try await Loopback.run(authority: authority, services: services) { loopback in
      let request = RotateKeyRequest(proof: [UInt8](repeating: 1, count: 128))
      var headers = Headers()
      headers.requestID = [UInt8](repeating: 7, count: 16)
      let first = try await loopback.connect(agent).call(
        Control.rotateKey, request, headers: headers)
      let again = try await loopback.connect(agent)
      let second = try await again.call(Control.rotateKey, request, headers: headers)
      #expect(first == second && calls.value.withLock { $0 } == 1)
      // Another id, or another agent, is another call.
      headers.requestID = [UInt8](repeating: 8, count: 16)
      #expect(
        try await again.call(Control.rotateKey, request, headers: headers).expiresAtS == 2)
      let stranger = try await loopback.connect(other)
      #expect(
        try await stranger.call(Control.rotateKey, request, headers: headers).expiresAtS == 3)
      // Without an id of the caller's own each call has a new one.
      #expect(try await again.call(Control.rotateKey, request).expiresAtS == 4)
    }
  }

  // MARK: - The memory of results

  func key(_ number: Int, of agent: UInt8 = 1) -> ResultCache.Key {
    ResultCache.Key(
      agent: Bytes32([UInt8](repeating: agent, count: 32))!, method: 3,
      request: withUnsafeBytes(of: UInt64(number)) { Array($0) + Array($0) })
  }

  @Test func whoComesWhileItIsDoneWaitsForIt() async {
    let cache = ResultCache()
    let runs = Shared(0)
    let gate = AsyncStream<Void>.makeStream()
    await withTaskGroup(of: [UInt8]?.self) { group in
      for _ in 0..<8 {
        group.addTask {
          await cache.outcome(of: key(1)) {
            runs.value.withLock { $0 += 1 }
            for await _ in gate.stream { break }
            return ([9], nil)
          }.last
        }
      }
      gate.continuation.yield()
      for await last in group { #expect(last == [9]) }
    }
    #expect(runs.value.withLock { $0 } == 1)
  }

  @Test func whatCameToNothingIsDoneAgain() async {
    let cache = ResultCache()
    let first = await cache.outcome(of: key(1)) { (nil, RPCError(.unavailable, "")) }
    #expect(first.error?.code == .unavailable)
    let second = await cache.outcome(of: key(1)) { ([1], nil) }
    #expect(second.last == [1])
    // An answer that stands is one, also an error.
    let wrong = await cache.outcome(of: key(2)) { (nil, RPCError(.alreadyExists, "")) }
    let same = await cache.outcome(of: key(2)) { ([1], nil) }
    #expect(wrong.error == same.error)
  }

  @Test func itForgetsAfterADay() async {
    let cache = ResultCache()
    let now = ContinuousClock.now
    _ = await cache.outcome(of: key(1), now: now) { ([1], nil) }
    let late = await cache.outcome(of: key(1), now: now + .seconds(86_399)) { ([2], nil) }
    #expect(late.last == [1])
    let tooLate = await cache.outcome(of: key(1), now: now + .seconds(86_401)) { ([2], nil) }
    #expect(tooLate.last == [2])
  }

  @Test func oneAgentFillsOnlyItsOwnPlace() async {
    let cache = ResultCache()
    _ = await cache.outcome(of: key(0, of: 2)) { ([7], nil) }
    for number in 0..<1_000 { _ = await cache.outcome(of: key(number)) { ([1], nil) } }
    let mine = await cache.outcome(of: key(999)) { ([2], nil) }
    let old = await cache.outcome(of: key(0)) { ([2], nil) }
    let others = await cache.outcome(of: key(0, of: 2)) { ([8], nil) }
    #expect(mine.last == [1] && old.last == [2] && others.last == [7])
  }
}

/// A counter that closures share.
final class Shared: Sendable {
  let value: Mutex<Int>

  init(_ start: Int) { value = Mutex(start) }
}
