import ServiceLifecycle

/// Closes ledgers at their times.
struct LedgerTimer: Service {
  let chain: DevnetChain

  func run() async throws {
    await cancelWhenGracefulShutdown {
      await tick()
    }
    await chain.shutDown()
  }

  /// How soon a clock that was started again goes.
  private static let rest = Duration.milliseconds(20)

  /// A ledger an interval, by a clock that does not jump; what was missed is not caught up.
  private func tick() async {
    let clock = ContinuousClock()
    var last = clock.now
    while !Task.isCancelled {
      let interval = await chain.interval
      let next = interval.map { max(last + $0, clock.now) } ?? clock.now + Self.rest
      do { try await clock.sleep(until: next) } catch { return }
      last = next
      // It may have been stopped meanwhile.
      if interval != nil, await chain.interval != nil { await chain.close() }
    }
  }
}
