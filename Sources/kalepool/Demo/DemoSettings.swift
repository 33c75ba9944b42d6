import Foundation

/// What a demo runs, and how fast.
struct DemoSettings: Sendable {
  var farmers = 10
  var agents = 2
  /// Farm blocks to play; nil: until interrupted.
  var blocks: Int?
  /// The first farmer leaves during the last block.
  var exitOne = false
  /// One agent is killed in the middle of the last block.
  var killAgent = false
  /// Ledgers per wall-clock time, against the real network's five seconds.
  var speed: Double
  var outsideFarmers = 20
  /// The page's port; 0 takes a free one.
  var port = 8080
  /// Two nodes, whose faults are switched on and off in turn, one a block; a farmer leaves under each.
  var faults = false
  /// Ledgers take whatever waits, in place of the public network's limits.
  var unlimited = false
  /// The data folder stays.
  var keepsData = false

  /// What a ledger adds to ledger time, and how long a farm block lasts, as on the real network.
  static let ledgerSeconds = 5.0
  static let blockSeconds = 300.0
  /// Every farmer's settings.
  static let stakeBps = 2_000
  static let harvestAfterBlocks = 1
  static let poolerShareBps = 5_000
  /// What each farmer begins with: 1,000 KALE.
  static let grantStroops: Int64 = 10_000_000_000

  /// As fast as this many farmers can be served on two busy cores.
  static func standardSpeed(farmers: Int) -> Double {
    switch farmers {
    case ...25: 20
    case ...200: 10
    default: 5
    }
  }

  /// Wall-clock time of a ledger and of a farm block, in seconds.
  var ledgerInterval: Double { Self.ledgerSeconds / speed }
  var blockInterval: Double { Self.blockSeconds / speed }

  /// Work is handed over this many ledgers before the block can close: some seconds of wall-clock
  /// time, since that is what a submission takes, however fast ledgers close.
  var handOverLedgers: Int {
    let seconds = farmers <= 25 ? 3.0 : 5.0
    return min(20, max(4, Int((seconds / ledgerInterval).rounded(.up))))
  }

  /// How often the coordinator asks for the latest ledger: a few times in each.
  var pollMilliseconds: Int { min(1_000, max(20, Int(ledgerInterval * 250))) }

  /// Each agent's share of this machine's cores.
  var threadsPerAgent: Int {
    max(1, ProcessInfo.processInfo.activeProcessorCount / max(1, agents))
  }

  /// Farmers who leave: with faults one under each of them, as long as another stays.
  var leavers: Int {
    faults ? min(DemoFaults.trials.count, farmers - 1, (blocks ?? 1) - 1) : exitOne ? 1 : 0
  }

  /// Why this cannot be run, in one line; nil: it can.
  var problem: String? {
    if !(1...10_000).contains(farmers) { return "--farmers must be from 1 to 10000" }
    if !(1...64).contains(agents) { return "--agents must be from 1 to 64" }
    if let blocks, !(1...100_000).contains(blocks) { return "--blocks must be from 1 to 100000" }
    if exitOne && blocks == nil { return "--exit-one needs --blocks: the leaver goes in the last" }
    if killAgent && blocks == nil { return "--kill-agent needs --blocks: it dies in the last" }
    if killAgent && agents < 2 { return "--kill-agent needs --agents 2 or more" }
    if faults && blocks == nil {
      return "--faults needs --blocks: \(DemoFaults.trials.count + 1) see all of them"
    }
    if faults && exitOne { return "--faults has leavers of its own: leave --exit-one out" }
    if faults && outsideFarmers == 0 { return "--faults needs outside farmers to open blocks" }
    if !(0.1...50).contains(speed) { return "--speed must be from 0.1 to 50" }
    if !(0...10_000).contains(outsideFarmers) {
      return "--outside-farmers must be from 0 to 10000"
    }
    if !(0...65_535).contains(port) { return "--port must be from 0 to 65535" }
    return nil
  }
}
