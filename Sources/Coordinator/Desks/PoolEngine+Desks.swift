package import Pool

extension PoolEngine {
  /// Looks at state and view of one moment, without taking a copy of the state along.
  package func read<Answer: Sendable>(
    _ body: @Sendable (PoolState, ChainView?) throws -> Answer
  ) rethrows -> Answer {
    try body(state, currentView())
  }

  /// Decides on the state as it stands, records what follows in the same step, and answers when
  /// that is durable. Where `body` throws, nothing is recorded.
  package func decide<Answer: Sendable>(
    _ body: @Sendable (PoolState, ChainView?) throws -> (Answer, [any PoolEvent])
  ) async throws -> Answer {
    let (answer, events) = try body(state, currentView())
    try await record(events)
    return answer
  }
}
