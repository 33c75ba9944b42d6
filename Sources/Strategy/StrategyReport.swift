/// What a policy came to.
package struct PolicyReport: Sendable {
  package var policy: StrategyPolicy
  package var blocks = 0
  package var planted = 0
  package var worked = 0
  package var lost = 0
  /// Sums over all works.
  package var gaps: Int64 = 0
  package var zeros: Int64 = 0
  /// Stroops that the farm's contract paid beyond stakes.
  package var reward: Int64 = 0
  /// Stroops that it would have paid, had all been known before.
  package var hindsight: Int64 = 0

  package init(_ policy: StrategyPolicy) { self.policy = policy }

  package var gapMean: Double { worked > 0 ? Double(gaps) / Double(worked) : 0 }
  package var zerosMean: Double { worked > 0 ? Double(zeros) / Double(worked) : 0 }
  package var lostPart: Double { planted > 0 ? Double(lost) / Double(planted) : 0 }
  /// KALE.
  package var rewardEach: Double { blocks > 0 ? Double(reward) / 1e7 / Double(blocks) : 0 }
  package var ofHindsight: Double { hindsight > 0 ? Double(reward) / Double(hindsight) : 0 }

  var json: String {
    #"{"policy": "\#(policy.rawValue)", "blocks": \#(blocks), "planted": \#(planted), "#
      + #""worked": \#(worked), "lost": \#(lost), "lost_part": \#(rounded(lostPart, 6)), "#
      + #""gap_mean": \#(rounded(gapMean, 2)), "zeros_mean": \#(rounded(zerosMean, 3)), "#
      + #""kale_per_block": \#(rounded(rewardEach, 3)), "#
      + #""of_hindsight": \#(rounded(ofHindsight, 4))}"#
  }
}

/// The policies beside each other.
package struct StrategyReport: Sendable {
  package let settings: StrategySettings
  package let policies: [PolicyReport]

  package init(settings: StrategySettings, policies: [PolicyReport]) {
    self.settings = settings
    self.policies = policies
  }

  package subscript(policy: StrategyPolicy) -> PolicyReport {
    policies.first { $0.policy == policy } ?? PolicyReport(policy)
  }

  /// The pool's reward for a block, the plain policy's being 1.
  package var ratio: Double {
    self[.plain].rewardEach > 0 ? self[.pool].rewardEach / self[.plain].rewardEach : 0
  }

  package var json: String {
    let all = policies.map(\.json).joined(separator: ", ")
    return #"{"blocks": \#(settings.blocks), "farmers": \#(settings.farmers), "#
      + #""outside_farmers": \#(settings.outsideFarmers), "seed": \#(settings.seed), "#
      + #""ratio": \#(rounded(ratio, 4)), "policies": [\#(all)]}"#
  }
}

func rounded(_ value: Double, _ digits: Int) -> Double {
  var scale = 1.0
  for _ in 0..<digits { scale *= 10 }
  return (value * scale).rounded() / scale
}
