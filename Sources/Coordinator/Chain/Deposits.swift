import Bytes
import KaleRules
import Pool
import StellarClient
import StellarXDR

/// Finds transfers into the pool's wallets: a deposit is booked from a transfer seen on chain, never
/// from a difference.
///
/// The asset contracts' events tell payments, contract transfers, account creations and merges
/// alike (CAP-67). What comes from a wallet of the pool's own is booked by its transaction.
struct Deposits {
  let rpc: RPCClient
  let network: KaleNetwork

  /// The RPC takes 5 filters of 5 topic lists each.
  static let walletsPerCall = 25
  static let listsPerFilter = 5

  /// Transfers into `wallets` from ledger `start` on (nil: from the first that the nodes keep),
  /// oldest first, each once, and the ledger up to which they were looked for.
  func find(
    into wallets: [Bytes32], own: Set<Bytes32>, from start: LedgerSequence?
  ) async throws -> (deposits: [DepositSeen], through: LedgerSequence) {
    var found: [String: DepositSeen] = [:]
    let health = try await rpc.getHealth()
    // Where history is full its beginning moves on while we ask; a young network's is all there.
    let kept = health.latest.sequence.rawValue - health.oldestLedger.rawValue
    let oldest = health.oldestLedger + (kept + 8 >= health.retentionWindow ? 8 : 0)
    let first = min(max(start ?? oldest, oldest), health.latest.sequence)
    var through = health.latest.sequence
    for part in stride(from: 0, to: wallets.count, by: Self.walletsPerCall) {
      let part = Array(wallets[part..<min(part + Self.walletsPerCall, wallets.count)])
      let (events, known) = try await rpc.allEvents(
        filters(part), from: first, through: health.latest.sequence)
      through = min(through, known)
      for deposit in events.compactMap({ deposit($0, own: own) }) {
        found[deposit.chainEvent] = deposit
      }
    }
    return (found.values.sorted { $0.chainEvent < $1.chainEvent }, through)
  }

  private func filters(_ wallets: [Bytes32]) -> [EventFilter] {
    stride(from: 0, to: wallets.count, by: Self.listsPerFilter).map { first in
      EventFilter(
        contracts: [network.assetContract, network.xlmContract],
        topics: wallets[first..<min(first + Self.listsPerFilter, wallets.count)].map { wallet in
          [.symbol("transfer"), nil, .address(.account(wallet)), nil]
        })
    }
  }

  private func deposit(_ event: LedgerEvent, own: Set<Bytes32>) -> DepositSeen? {
    guard event.topics.count == 4, event.topics[0].asSymbol == "transfer",
      let sender = event.topics[1].asAddress,
      case .account(let wallet)? = event.topics[2].asAddress,
      own.contains(wallet), let amount = Self.amount(event.value), amount > 0
    else { return nil }
    if case .account(let key) = sender, own.contains(key) { return nil }
    let asset: BookAsset = event.contract == network.assetContract ? .kale : .xlm
    return DepositSeen(
      wallet: wallet, asset: asset, amount: Stroops(amount), sender: sender.description,
      chainEvent: event.id, ledger: event.ledger)
  }

  /// A bare amount, or one beside a muxed receiver's id.
  private static func amount(_ value: SCVal) -> Int64? {
    (value.asI128 ?? value[field: "amount"]?.asI128).flatMap { Int64(exactly: $0) }
  }
}
