import Foundation
import FramedRPC
import RPCTransport
import SecureChannel
import Testing

/// A line that is cut is noticed by both ends, whichever way it is cut.
@Suite(.timeLimit(.minutes(2))) struct CableTests {
  let agent = StaticKeyPair(owner: .agent)

  /// Short ones, so that the test is; `KALEPOOL_FULL_COUNTS` measures the real ones.
  static var terms: SessionTerms {
    var terms = SessionTerms()
    guard ProcessInfo.processInfo.environment["KALEPOOL_FULL_COUNTS"] == nil else { return terms }
    terms.pingIntervalMs = 100
    terms.deadAfterMs = 400
    return terms
  }

  @Test(arguments: [[.toServer, .toAgent], [.toServer], [.toAgent]] as [Set<Cable.Direction>])
  func aCutCableIsNoticed(_ directions: Set<Cable.Direction>) async throws {
    let authority = TestAuthority(agents: [agent.publicKey])
    try await Loopback.run(authority: authority, terms: Self.terms) { loopback in
      let cable = try await Cable(to: loopback.port)
      let session = try await loopback.connect(agent, port: cable.port)
      cable.cut(directions)
      let cutAt = ContinuousClock.now
      async let served: (SessionEnd?, Duration) = (authority.nextEnd(), .now - cutAt)
      let own = (await session.waitForEnd(), ContinuousClock.now - cutAt)
      let theirs = await served
      print("cut \(directions): the agent noticed after \(own.1), the server after \(theirs.1)")
      // The side that hears nothing says so; the other hears nothing from it either.
      let silent = "no sign of life for \(Self.terms.deadAfterMs) ms"
      if directions.contains(.toAgent) { #expect(own.0 == SessionEnd(code: nil, reason: silent)) }
      if directions.contains(.toServer) {
        #expect(theirs.0 == SessionEnd(code: nil, reason: silent))
      }
      #expect(own.0?.code == nil && theirs.0?.code == nil)
      try await cable.close()
    }
  }
}
