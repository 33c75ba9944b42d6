package import Bytes

/// Agents' keys: one key is one agent, and a key gives way to the next.
extension PoolState {
  /// How long both keys are good, seconds.
  package static let keyOfferSeconds: Int64 = 24 * 3_600

  /// What an agent's wish for another key comes to; nil: the key is somebody's already.
  package func offer(
    of next: Bytes32, by agent: Bytes32, now: Int64
  ) -> (expiresAt: Int64, events: [any PoolEvent])? {
    guard agents[agent]?.mayWork == true else { return nil }
    if let known = keyOffers[next] {
      guard known.agent == agent, known.expiresAt > now else { return nil }
      return (known.expiresAt, [])
    }
    guard agents[next] == nil else { return nil }
    let event = AgentKeyOffered(
      agent: agent, next: next, expiresAt: now + Self.keyOfferSeconds)
    return (event.expiresAt, [event])
  }

  /// The event by which a key that was offered becomes its agent's; nil: nobody offered it, or too
  /// long ago.
  package func replacement(by next: Bytes32, now: Int64) -> AgentKeyReplaced? {
    guard let offer = keyOffers[next], offer.expiresAt > now,
      let agent = agents[offer.agent], !agent.isRevoked
    else { return nil }
    return AgentKeyReplaced(agent: offer.agent, next: next, pooler: agent.pooler)
  }

  mutating func take(_ event: AgentKeyOffered) {
    // A newer offer takes an older one's place.
    keyOffers = keyOffers.filter { $0.value.agent != event.agent }
    keyOffers[event.next] = event
  }

  mutating func take(_ event: AgentKeyReplaced) {
    keyOffers[event.next] = nil
    guard let old = agents[event.agent] else { return }
    agents[event.agent]?.isRevoked = true
    agents[event.agent]?.isReplaced = true
    agents[event.next] = old.with(key: event.next)
  }

  mutating func take(_ event: AgentRevoked) {
    agents[event.agent]?.isRevoked = true
    keyOffers = keyOffers.filter { $0.value.agent != event.agent }
  }
}
