import Bytes
import KaleRules
import Logging
import Pool
import StellarClient
import StellarXDR

/// Follows ledgers: reads at each how things stand and has the pool decide.
///
/// What one node says of the farm's block is acted on only when the others that keep up do not
/// contradict. While they do, the last block that all agreed on counts: work for it goes on and
/// nothing is planted, and an alert says who says what.
struct LedgerWatch {
  let engine: PoolEngine
  let sender: Sender
  let reader: ChainReader
  let pace: Pace
  let settings: CoordinatorSettings
  let log: Logger

  /// How often a ledger is looked at again where nodes fail or are about to agree.
  private static let triesMax = 6
  /// A block that long open may have lost its entry.
  private static let blockEntryAge: UInt64 = 3_600

  init(_ service: ChainService) {
    engine = service.engine
    sender = service.sender
    reader = ChainReader(reader: service.reader)
    pace = service.pace
    settings = service.settings
    log = service.log
  }

  func run() async throws {
    var agreed: FarmState?
    var wasDisputed = false
    for await tick in sender.follower.ticks() {
      pace.ledgerClosed(Int64(tick.closeTime))
      do {
        if try await sender.book.refresh(sender.rpc, at: tick.sequence) { reportLimits() }
        let (farm, contradiction) = try await farm(at: tick)
        if (contradiction != nil) != wasDisputed { try await report(contradiction) }
        wasDisputed = contradiction != nil
        if let farm { agreed = farm }
        guard let agreed else { continue }
        try await decide(at: tick, agreed, isDisputed: contradiction != nil)
      } catch let error as StellarClient.RPCError {
        log.warning("the chain could not be read", metadata: ["error": "\(error)"])
      }
    }
  }

  private func decide(at tick: LedgerTick, _ farm: FarmState, isDisputed: Bool) async throws {
    var (view, opened) = try await reader.view(at: tick, farm, await engine.state)
    if let known = await engine.state.block?.block, view.farmIndex < known {
      log.warning("a node lags behind", metadata: ["its_block": "\(view.farmIndex)"])
      return
    }
    view.isDisputed = isDisputed
    view.farmWritesMax = Int64(sender.book.farmWritesMax)
    if sender.submitter.landings.count > 0 { view.landing = sender.submitter.landings.odds }
    view.nextCloseTime = Int64(sender.follower.forecast.nextClose(after: tick))
    // Twice the inclusion fee: a fee bump counts as two operations.
    if let seen = sender.prepared.seen {
      view.feeNow = Stroops(seen.resourceFee + 2 * sender.submitter.fees.urgentOffer)
    }
    if let opened {
      log.info("block opened", metadata: ["block": "\(opened.block)"])
      try await engine.record([opened])
    }
    try await engine.ledgerClosed(view)
  }

  /// The farm as agreed on, nil where nobody can be believed now, and why.
  private func farm(
    at tick: LedgerTick
  ) async throws(StellarClient.RPCError) -> (FarmState?, contradiction: String?) {
    var tries = 0
    while true {
      tries += 1
      let known = await engine.state.block
      let isLastTry =
        tries >= Self.triesMax || Task.isCancelled
        || (sender.follower.latest?.sequence ?? 0) > tick.sequence
      do throws(StellarClient.RPCError) {
        // A node that says what cannot be is passed over; another may be sound.
        let farm = try await reader.reader.farm(since: tick.sequence.before) { farm in
          whyImpossible(farm, known, at: tick) == nil
        }
        guard let farm else {
          if !isLastTry { try? await Task.sleep(for: pause) }
          if isLastTry { return (nil, "what every node says of the block is impossible") }
          continue
        }
        switch sender.follower.verdict(on: farm.sighting, known: known?.block ?? 0) {
        case .agreed: return (farm, nil)
        case .disputed(_, let why) where isLastTry: return (nil, why)
        case .waiting where isLastTry: return (nil, nil)
        case .waiting, .disputed: break
        }
      } catch {
        if isLastTry { throw error }
      }
      try? await Task.sleep(for: pause)
    }
  }

  private var pause: Duration { .milliseconds(settings.pollMilliseconds) }

  /// Why no chain can be as a node says; nil: it can.
  private func whyImpossible(
    _ farm: FarmState, _ known: BlockOpened?, at tick: LedgerTick
  ) -> String? {
    let openedAt = farm.instance.farmBlock.timestamp
    if farm.block == nil, farm.index > 0, tick.closeTime < openedAt + Self.blockEntryAge {
      return "block \(farm.index) opened at \(openedAt) is not there"
    }
    guard let known else { return nil }
    if farm.index < known.block { return "block \(farm.index) is over" }
    if farm.index == known.block, Int64(openedAt) != known.openedAt {
      return "block \(farm.index) opened at \(known.openedAt)"
    }
    let passed = Int64(tick.closeTime) - known.openedAt
    let most = passed / max(1, settings.pool.blockSeconds) + 1
    guard Int64(farm.index.rawValue) > Int64(known.block.rawValue) + most else { return nil }
    return "block \(farm.index) cannot be \(passed) seconds after block \(known.block)"
  }

  private func report(_ contradiction: String?) async throws {
    guard let contradiction else {
      log.notice("the nodes agree about the block again")
      return try await engine.record([
        Notice(level: "info", text: "The Stellar nodes agree about the block again.")
      ])
    }
    log.error("the nodes disagree about the block", metadata: ["why": "\(contradiction)"])
    try await engine.record([
      Notice(
        level: "alert",
        text: "The Stellar nodes disagree about the block, so nothing is planted: \(contradiction)."
      )
    ])
  }

  private func reportLimits() {
    let limits = sender.book.limits
    log.info(
      "network limits",
      metadata: [
        "farm_writes_per_ledger": "\(sender.book.farmWritesMax)",
        "temporary_ledgers": "\(limits.temporaryTTLMin)",
        "not_told": "\(limits.missing.map { "\($0)" }.joined(separator: " "))",
      ])
    sender.follower.expect(ledgerSeconds: UInt64((limits.ledgerTargetClose + 500) / 1_000))
  }
}
