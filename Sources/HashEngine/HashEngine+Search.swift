import CKeccak

/// What each thread does. From one find to the next nothing here allocates.
extension HashEngine {
  /// A portion that was tried, and what was found.
  private struct Outcome {
    var portion: Portion
    var tried: UInt64
    var best: Candidate?
  }

  private struct Candidate {
    var nonce: UInt64
    var zeros: Int
    var hash: HashBytes
  }

  private enum Step {
    case search(Portion)
    case tell(Improvement?, [JobEnd])
    case rest
    case stop
  }

  /// Searches until the engine is stopped.
  func search() {
    var pace = Pace(cpuPercent: settings.cpuPercent)
    var outcome: Outcome?
    var rest = Duration.zero
    while true {
      switch nextStep(&outcome, limit: pace.limit, isTired: rest > .zero) {
      case .search(let portion):
        let started = ContinuousClock.now
        let result = tried(portion)
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
  private func nextStep(_ outcome: inout Outcome?, limit: UInt64, isTired: Bool) -> Step {
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

  /// Tries a portion. What the kernel finds is hashed again by the plain code before it is believed.
  private func tried(_ portion: Portion) -> Outcome {
    var hits = ckeccak_hits()
    let tried = kernel.search(
      portion.message, first: portion.first, count: portion.count, zeros: portion.zeros, hits: &hits
    )
    var outcome = Outcome(portion: portion, tried: tried, best: nil)
    for at in 0..<Int(hits.count) {
      let nonce = hits.candidate(at).nonce
      let (zeros, hash) = portion.message.checked(nonce)
      if zeros >= portion.zeros && zeros > outcome.best?.zeros ?? -1 {
        outcome.best = Candidate(nonce: nonce, zeros: zeros, hash: hash)
      }
    }
    return outcome
  }
}
