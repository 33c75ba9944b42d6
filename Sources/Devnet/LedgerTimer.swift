import ServiceLifecycle

/// Closes ledgers at their times.
struct LedgerTimer: Service {
  let chain: DevnetChain
  let settings: DevnetSettings

  func run() async throws {
    await cancelWhenGracefulShutdown {
      if settings.isManual {
        try? await Task.sleep(for: .seconds(.max / 4))
      } else {
        await tick()
      }
    }
    await chain.shutDown()
  }

  /// A ledger an interval, by a clock that does not jump; what was missed is not caught up.
  private func tick() async {
    let clock = ContinuousClock()
    var next = clock.now + settings.ledgerInterval
    while !Task.isCancelled {
      do { try await clock.sleep(until: next) } catch { return }
      await chain.close()
      next = max(next + settings.ledgerInterval, clock.now)
    }
  }
}
