import Bytes
import KaleRules
import Pool
import StellarClient
import StellarXDR
import Store

/// Finds what somebody else's harvest of our farmer's block has paid.
///
/// Anybody may call `harvest` for anybody. The stake and reward are then in the farmer's wallet all
/// the same, and the asset contract's mint event tells how much.
struct StrangersHarvest {
  let reader: KaleReader
  let history: History

  /// The block as harvested, or nil where no mint of another's transaction fits.
  func find(
    _ block: BlockIndex, of farmer: Farmer, _ view: ChainView
  ) async throws -> Harvested? {
    guard let planting = farmer.plantings[block], let first = farmer.openBlocks.first else {
      return nil
    }
    // Mints for older blocks count, too, or one of theirs could be taken for this block's.
    let since = farmer.plantings[first]?.plantedIn ?? planting.plantedIn
    let booked = try await history.harvestPayments(
      farmer: farmer.id,
      from: BlockIndex(first.rawValue - min(first.rawValue, PoolState.blocksKept)))
    let wallet = SCVal.address(.account(farmer.wallet))
    let filter = EventFilter(
      contracts: [reader.keys.network.assetContract], topics: [[.symbol("mint"), wallet, nil]])
    let (events, through) = try await reader.rpc.allEvents(
      [filter], from: since, through: view.ledger)
    // A node that lags does not show all mints yet, and another block's would be taken.
    guard through >= view.ledger else { return nil }
    var transactions: [HarvestPayment: Bytes32] = [:]
    let payments = events.compactMap { event -> HarvestPayment? in
      guard let amount = event.value.asI128.flatMap({ Int64(exactly: $0) }) else { return nil }
      let payment = HarvestPayment(ledger: event.ledger, amount: Stroops(amount))
      transactions[payment] = event.transactionHash
      return payment
    }
    guard payments.contains(where: { !booked.contains($0) }) else { return nil }
    let closed = try await reader.blocks(farmer.openBlocks.filter { $0 < view.farmIndex })
    guard
      let payment = farmer.payment(
        for: block, among: payments, booked: booked, closed: closed.mapValues(\.value))
    else { return nil }
    return Harvested(
      farmer: farmer.id, block: block, reward: payment.amount - planting.stake,
      stake: planting.stake, ledger: payment.ledger,
      transaction: transactions[payment] ?? .zero)
  }
}
