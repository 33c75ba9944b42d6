import CKeccak

/// A portion that was tried, and what was found.
package struct Trial: Sendable {
  package var portion: Portion
  package var tried: UInt64
  /// Enough zeros to be worth reporting.
  package var best: Candidate?

  package struct Candidate: Sendable {
    package var nonce: UInt64
    package var zeros: Int
    var hash: HashBytes
  }
}

extension HashKernel {
  /// Tries a portion. What the kernel finds is hashed again by the plain code before it is believed.
  package func tried(_ portion: Portion) -> Trial {
    var hits = ckeccak_hits()
    let tried = search(
      portion.message, first: portion.first, count: portion.count, zeros: portion.zeros, hits: &hits
    )
    var trial = Trial(portion: portion, tried: tried, best: nil)
    for at in 0..<Int(hits.count) {
      let nonce = hits.candidate(at).nonce
      let (zeros, hash) = portion.message.checked(nonce)
      if zeros >= portion.zeros && zeros > trial.best?.zeros ?? -1 {
        trial.best = Trial.Candidate(nonce: nonce, zeros: zeros, hash: hash)
      }
    }
    return trial
  }
}
