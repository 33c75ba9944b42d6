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
  let rpc: RPCClient
  let network: KaleNetwork
  let history: History

  /// The block as harvested, or nil where no mint of another's transaction fits.
  func find(
    _ planting: Planting, of farmer: Farmer, _ block: BlockIndex, asOf ledger: LedgerSequence
  ) async throws -> Harvested? {
    let known = try await history.harvestTransactions(farmer: farmer.id, from: block)
    let wallet = SCVal.address(.account(farmer.wallet))
    let filter = EventFilter(
      contracts: [network.assetContract], topics: [[.symbol("mint"), wallet, nil]])
    let page = try await rpc.getEvents([filter], from: .ledger(planting.plantedIn))
    // A node that lags does not show all mints yet, and another block's would be taken.
    guard page.latestLedger >= ledger else { return nil }
    let mints = page.events.compactMap { event in
      event.value.asI128.flatMap { Int64(exactly: $0) }.map { (event: event, paid: $0) }
    }.filter { mint in
      !known.contains(mint.event.transactionHash) && mint.paid >= planting.stake.rawValue
    }
    // Where strangers harvested several blocks it is not known which mint goes with which, and the
    // sums are right whichever does. The least that fits leaves the greater ones for the blocks
    // with the greater stakes: taking the oldest once left a block without any.
    guard let (event, paid) = mints.min(by: { $0.paid < $1.paid }) else { return nil }
    return Harvested(
      farmer: farmer.id, block: block, reward: Stroops(paid) - planting.stake,
      stake: planting.stake, ledger: event.ledger, transaction: event.transactionHash)
  }
}
