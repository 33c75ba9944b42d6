import Bridge
import Bytes
import KaleRules
import Pool
import StellarClient
import StellarXDR

/// Holds every wallet's books against the chain. There must be no difference.
struct Auditor: ChainAuditor {
  let engine: PoolEngine
  let rpc: RPCClient
  let network: KaleNetwork

  /// A wallet whose transaction or deposit is on its way may differ for some ledgers.
  static let roundsMax = 20
  static let pause = Duration.milliseconds(500)

  func audit() async throws -> API.AuditReport {
    var (report, moving) = try await compare()
    for _ in 1..<Self.roundsMax where !report.differences.isEmpty && moving {
      try await Task.sleep(for: Self.pause)
      (report, moving) = try await compare()
    }
    return report
  }

  /// The differences of this moment, and whether one of them may still pass by itself.
  private func compare() async throws -> (API.AuditReport, moving: Bool) {
    let before = await engine.state
    let wallets = before.wallets.values.sorted { $0.key < $1.key }
    var keys: [LedgerKey] = []
    for wallet in wallets {
      keys += [.account(wallet.key), LedgerKey.trustline(of: wallet.key, for: network.asset)]
    }
    let entries = try await rpc.getLedgerEntries(keys)
    let (state, view) = await engine.read { state, view in (state, view) }
    var differences: [API.AuditDifference] = []
    var moving = false
    for wallet in wallets {
      for (asset, key) in [
        (BookAsset.xlm, LedgerKey.account(wallet.key)),
        (.kale, LedgerKey.trustline(of: wallet.key, for: network.asset)),
      ] {
        let booked = state.balance(.wallet(wallet.key), asset)
        let onChain = entries[key]?.data.balance ?? 0
        guard booked != onChain else { continue }
        differences.append(
          API.AuditDifference(
            wallet: StrKey.account(wallet.key), asset: asset.rawValue.uppercased(),
            books: API.Amount(stroops: booked), chain: API.Amount(stroops: onChain)))
        // A deposit may be in the ledger and not in the books yet, a transaction the other way.
        moving = moving || onChain > booked || view?.busy.contains(wallet.key) == true
      }
    }
    return (
      API.AuditReport(
        at: API.Timestamp(unixSeconds: WallClock.now), ledger: entries.latestLedger.rawValue,
        walletsChecked: wallets.count, differences: differences),
      moving
    )
  }
}

extension LedgerEntryData {
  /// What an account or trustline holds, in stroops.
  var balance: Int64? {
    switch self {
    case .account(let account): account.balance
    case .trustline(let trustline): trustline.balance
    default: nil
    }
  }
}
