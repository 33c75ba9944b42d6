/// How often the costly or guessable things may be asked for.
///
/// Addresses are not counted for direct connections from this machine while no public origin is
/// set: then there is no remote client, and a demo registers its farmers as fast as it can.
package struct RateLimits: Hashable, Sendable {
  /// A bucket of `burst` tries that regains one every `refill`.
  package struct Rate: Hashable, Sendable {
    package var burst: Int
    package var refill: Duration

    package init(burst: Int, refill: Duration) {
      precondition(burst > 0 && refill > .zero)
      self.burst = burst
      self.refill = refill
    }
  }

  /// Password tries for one handle from one address: what a guesser meets first.
  package var passwordPerHandleAndAddress = Rate(burst: 6, refill: .seconds(20))
  /// Password tries for one handle from anywhere: slow enough against many addresses, loose enough
  /// that a stranger cannot easily lock the farmer out.
  package var passwordPerHandle = Rate(burst: 60, refill: .seconds(10))
  /// Password tries from one address for any handle.
  package var passwordPerAddress = Rate(burst: 30, refill: .seconds(5))
  /// New accounts from one address: each costs a password hash and a wallet.
  package var registrationsPerAddress = Rate(burst: 10, refill: .seconds(60))
  /// Wrong operator tokens from one address.
  package var operatorPerAddress = Rate(burst: 10, refill: .seconds(10))
  /// Any request of one farmer.
  package var requestsPerFarmer = Rate(burst: 200, refill: .milliseconds(50))

  package init() {}
}
