/// Spells of bad weather: which last until when, and how bad they are.
struct Weather: Sendable {
  var plan: FaultPlan
  /// Milliseconds of virtual time.
  var until: [Fault: Int64] = [:]
  /// Ledgers by which the two nodes lag.
  var lag = [0, 0]
  var feeFactor: Int64 = 1
  /// Counted as struck by those who feel them.
  var felt: Set<Fault> = []

  init(_ plan: FaultPlan) { self.plan = plan }

  struct Kind {
    let fault: Fault
    /// Of beginning in a block.
    let probability: Double
    /// Seconds.
    let lasts: ClosedRange<Int64>
  }

  static let kinds = [
    Kind(fault: .nodeLags, probability: 0.06, lasts: 10...250),
    Kind(fault: .nodesDisagree, probability: 0.05, lasts: 30...300),
    Kind(fault: .falseBlockIndex, probability: 0.03, lasts: 5...60),
    Kind(fault: .ledgerSlow, probability: 0.04, lasts: 20...200),
    Kind(fault: .feeSpike, probability: 0.06, lasts: 60...400),
    Kind(fault: .farmPaused, probability: 0.015, lasts: 30...600),
    Kind(fault: .nobodyOpens, probability: 0.03, lasts: 300...1_800),
    Kind(fault: .databaseSlow, probability: 0.03, lasts: 10...120),
    Kind(fault: .agentsAllGone, probability: 0.01, lasts: 60...600),
    Kind(fault: .poolerCannotReceive, probability: 0.02, lasts: 600...3_000),
  ]
}

extension Simulation {
  /// Once a block: new spells begin.
  func changeWeather() {
    guard !isCalm else { return }
    for kind in Weather.kinds where strikes(kind.fault, kind.probability) {
      // Somewhere within the block.
      let begin = dice.int(0...250_000)
      weather.until[kind.fault] = now + begin + 1_000 * dice.int(kind.lasts)
      switch kind.fault {
      case .nodeLags: weather.lag[0] = Int(dice.int(1...50))
      case .nodesDisagree: weather.lag[1] = Int(dice.int(1...50))
      case .falseBlockIndex: weather.lag[1] = Int(dice.int(1...3))
      case .feeSpike: weather.feeFactor = dice.int(5...100)
      case .agentsAllGone:
        for agent in agents.indices { crash(agent: agent, seconds: dice.int(kind.lasts)) }
      default: break
      }
    }
  }

  /// By how many ledgers the node that answers now lags.
  func nodeLag(_ node: Int) -> Int {
    if node == 0 { return lasts(.nodeLags) ? weather.lag[0] : 0 }
    return lasts(.nodesDisagree) || lasts(.falseBlockIndex) ? weather.lag[1] : nodeLag(0)
  }

  /// Which node answers: the first, unless calls are spread over both.
  func someNode() -> Int {
    lasts(.nodesDisagree) || lasts(.falseBlockIndex) ? Int(dice.int(0...1)) : 0
  }
}
