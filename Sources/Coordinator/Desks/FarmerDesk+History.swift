package import Bridge
import Bytes
import KaleRules
import Pool
import Store

/// Pages of what has happened to a farmer.
extension FarmerDesk {
  package func blocks(
    farmer: API.FarmerID, before: UInt32?, limit: Int
  ) async throws -> API.BlockPage {
    let before = before.map { BlockIndex($0) }
    // The state is ahead of the history, so it is asked first: nothing falls between the two.
    let open = try await standing(of: farmer) { standing in
      standing.farmer.plantings.filter { block, _ in before.map { block < $0 } ?? true }
        .map { API.BlockRow($1, block: $0) }
    }
    let recorded = try await history.blocks(
      farmer: farmer.rawValue, before: before, limit: limit + 1)
    var rows = recorded.map { API.BlockRow($0) }
    let known = Set(rows.map(\.block))
    rows += open.filter { !known.contains($0.block) }
    rows.sort { $0.block > $1.block }
    let page = Array(rows.prefix(limit))
    return API.BlockPage(rows: page, next: rows.count > limit ? page.last?.block : nil)
  }

  package func rewards(
    farmer: API.FarmerID, before: UInt32?, limit: Int
  ) async throws -> API.Rewards {
    let agreement = try await standing(of: farmer) { $0.farmer.agreement }
    let (total, recorded) = try await history.rewards(
      farmer: farmer.rawValue, before: before.map { BlockIndex($0) }, limit: limit + 1)
    let share = agreement?.shareBps ?? 0
    let rows = recorded.prefix(limit).map { API.RewardRow($0, share: share) }
    return API.Rewards(
      total: API.Amount(stroops: total.rawValue),
      sinceJoining: API.Amount(stroops: agreement?.rewards.rawValue ?? 0),
      shareBps: Int(share.rawValue), rows: rows,
      next: recorded.count > limit ? rows.last?.block : nil)
  }

  package func statement(
    farmer: API.FarmerID, after: Int64?, limit: Int
  ) async throws -> API.StatementPage {
    let wallet = try await standing(of: farmer) { $0.farmer.wallet }
    let recorded = try await history.statement(
      of: .wallet(wallet), after: after, limit: limit + 1)
    let rows = recorded.prefix(limit).map { API.StatementRow($0) }
    return API.StatementPage(rows: rows, next: recorded.count > limit ? rows.last?.id : nil)
  }
}

extension API.BlockRow {
  /// A block that is open, where the history does not know it yet.
  fileprivate init(_ planting: Planting, block: BlockIndex) {
    self.init(
      block: block.rawValue, state: planting.shownState,
      stake: planting.phase == .wanted ? nil : API.Amount(stroops: planting.stake.rawValue),
      zeros: planting.shownZeros, fees: API.Amount(stroops: 0))
    if case .worked(_, let ledgers) = planting.phase { gap = Int(ledgers) }
  }

  fileprivate init(_ record: BlockRecord) {
    self.init(
      block: record.block.rawValue, state: record.shownState,
      stake: record.planted ? API.Amount(stroops: record.stake.rawValue) : nil,
      zeros: record.zeros, gap: record.gap.map { Int($0) },
      reward: record.reward.map { API.Amount(stroops: $0.rawValue) },
      fees: API.Amount(stroops: record.fees.rawValue), note: record.note,
      plantedAt: record.planted ? API.Timestamp(unixSeconds: record.resolvedAt) : nil,
      harvestedAt: record.harvestedAt.map { API.Timestamp(unixSeconds: $0) })
  }
}

extension BlockRecord {
  fileprivate var shownState: API.BlockState {
    if !planted { return .missed }
    if payer != nil { return .lost }
    if harvestedAt != nil { return .harvested }
    return zeros != nil ? .worked : .planted
  }

  fileprivate var note: String? {
    if let missed { return "Not planted: \(missed). No stake was at risk." }
    guard let payer else { return nil }
    let bears =
      switch payer {
      case .farmer: "the loss is yours"
      case .pooler: "the pooler pays for it when you leave"
      case .treasury: "the pool pays for it"
      }
    return "Stake lost: \(lossReason ?? "unknown"); \(bears)."
  }
}

extension API.RewardRow {
  /// The pooler's part is rounded down, as in the settlement, which rounds once for all rewards.
  fileprivate init(_ record: RewardRecord, share: BasisPoints) {
    let part = Int64(
      Int128(record.reward.rawValue) * Int128(share.rawValue) / Int128(BasisPoints.whole.rawValue))
    self.init(
      block: record.block.rawValue, reward: API.Amount(stroops: record.reward.rawValue),
      stake: API.Amount(stroops: record.stake.rawValue), zeros: record.zeros,
      gap: Int(record.gap), fee: API.Amount(stroops: record.fee.rawValue),
      poolerShare: API.Amount(stroops: part),
      farmerShare: API.Amount(stroops: record.reward.rawValue - part),
      harvestedAt: API.Timestamp(unixSeconds: record.harvestedAt),
      transaction: record.transaction?.description)
  }
}
