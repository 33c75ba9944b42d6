import KaleRules

/// Who goes first in a block, and who hands over in which batch.
///
/// The order of numbers, begun elsewhere in each block, so that all take turns; no stake is looked
/// at. Works that do not fit into one ledger go in batches, the last of them at the best gap: from
/// block to block another batch is the last.
struct TurnOrder {
  /// All farmers, first come first.
  let farmers: [FarmerID]
  /// Some batch's works are due, or about to be.
  let worksSoon: Bool
  /// Ledgers before the last batch; a farmer who is not named is in it.
  private var batches: [FarmerID: Int64] = [:]

  init(_ state: PoolState, _ view: ChainView) {
    let capacity = Int(clamping: max(1, view.farmWritesMax ?? state.settings.farmWritesPerLedger))
    farmers = Self.turned(
      state.farmers.keys.sorted(), by: view.plantable(state.settings), capacity)
    worksSoon = state.isNearHandOver(view, batches: Int64(farmers.count / capacity))
    guard worksSoon else { return }
    let playing = state.farmers.values.filter {
      $0.plantings[view.farmIndex].map { $0.phase != .wanted } ?? false
    }
    guard playing.count > capacity else { return }
    let order = Self.turned(playing.map(\.id).sorted(), by: view.farmIndex, capacity)
    for (place, farmer) in order.enumerated() {
      batches[farmer] = Int64((order.count - 1 - place) / capacity)
    }
  }

  func batch(of farmer: FarmerID) -> Int64 { batches[farmer] ?? 0 }

  private static func turned(
    _ farmers: [FarmerID], by block: BlockIndex, _ capacity: Int
  ) -> [FarmerID] {
    guard !farmers.isEmpty else { return [] }
    let first = Int(block.rawValue) * capacity % farmers.count
    return Array(farmers[first...] + farmers[..<first])
  }
}
