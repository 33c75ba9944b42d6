import CKeccak

/// What each thread does. From one find to the next nothing here allocates.
extension HashEngine {
  private enum Step {
    case search(Portion)
    case tell(Improvement?, [JobEnd])
    case rest
    case stop
  }

  /// Searches until the engine is stopped.
  func search() {
    var pace = Pace(cpuPercent: settings.cpuPercent)
    var outcome: Trial?
    var rest = Duration.zero
    while true {
      switch nextStep(&outcome, limit: pace.limit, isTired: rest > .zero) {
      case .search(let portion):
        let started = ContinuousClock.now
        let result = kernel.tried(portion)
        rest = pace.worked(result.tried, in: .now - started)
        outcome = result
      case .tell(let improvement, let ends):
        if let improvement { onImprovement(improvement) }
        for end in ends { onEnd(end) }
      case .rest:
        sleepThread(rest)
        rest = .zero
      case .stop: return
      }
    }
  }

  /// Hands in what was found; then takes the next portion, waiting for one if there is none, unless the
  /// thread is to rest first.
  private func nextStep(_ outcome: inout Trial?, limit: UInt64, isTired: Bool) -> Step {
    shared.wait(hasMore: \.schedule.hasWork) { shared in
      var improvement: Improvement?
      if let done = outcome {
        outcome = nil
        if shared.schedule.complete(done.portion, tried: done.tried, zeros: done.best?.zeros),
          let best = done.best
        {
          improvement = Improvement(
            jobID: done.portion.jobID, nonce: best.nonce, zeros: best.zeros, hash: best.hash.bytes32
          )
        }
      }
      var ends = shared.schedule.takeEnds()
      if improvement == nil && ends.isEmpty && !shared.isStopped && !isTired,
        let portion = shared.schedule.take(limit: limit, now: .now)
      {
        return .search(portion)
      }
      // Looking for a portion may have ended jobs whose deadline has passed.
      ends += shared.schedule.takeEnds()
      if improvement != nil || !ends.isEmpty { return .tell(improvement, ends) }
      if shared.isStopped { return .stop }
      return isTired ? .rest : nil
    }
  }
}
