import Bytes
import KaleRules
import Logging
import Pool
import StellarClient
import StellarXDR

/// Finds deposits: where a wallet holds something else than its books say, its transfers are looked
/// up and booked.
///
/// Balances of a hundred wallets are one request, their events would be four. A wallet with a
/// transaction under way is looked at when that is over.
struct DepositWatch {
  let engine: PoolEngine
  let deposits: Deposits
  let reader: KaleReader
  let log: Logger

  /// With more wallets than that, not every ledger looks.
  private static let everyLedgerMax = 200
  private static let rareLedgers: UInt32 = 3

  /// Up to which ledger nothing of a wallet's is missing, in this run.
  private var checked: [Bytes32: LedgerSequence] = [:]

  init(engine: PoolEngine, deposits: Deposits, reader: KaleReader, log: Logger) {
    self.engine = engine
    self.deposits = deposits
    self.reader = reader
    self.log = log
  }

  /// Looks at all wallets; books what it finds.
  mutating func look(at ledger: LedgerSequence) async throws {
    let wallets = await engine.state.wallets
    let open = wallets.values.filter { !$0.isClosed }.map(\.key).sorted()
    guard !open.isEmpty,
      open.count <= Self.everyLedgerMax || ledger.rawValue.isMultiple(of: Self.rareLedgers)
    else { return }
    let (found, read) = try await reader.walletsAndLedger(open)
    let (state, busy) = await engine.read { state, view in (state, view?.busy ?? []) }
    var differing: [Bytes32] = []
    var since: LedgerSequence? = read
    for wallet in open where !busy.contains(wallet) {
      let onChain = found[wallet]
      if state.balance(.wallet(wallet), .xlm) == onChain?.account.balance ?? 0,
        state.balance(.wallet(wallet), .kale) == onChain?.kale?.balance ?? 0
      {
        checked[wallet] = read
      } else {
        differing.append(wallet)
        // After a start: as far back as the nodes know.
        since = checked[wallet].flatMap { checked in since.map { min($0, checked) } }
      }
    }
    guard !differing.isEmpty else { return }
    let through = try await book(differing, own: Set(wallets.keys), since: since)
    for wallet in differing { checked[wallet] = through }
  }

  private func book(
    _ differing: [Bytes32], own: Set<Bytes32>, since: LedgerSequence?
  ) async throws -> LedgerSequence {
    let (found, through) = try await deposits.find(into: differing, own: own, from: since)
    let new = try await engine.decide { state, _ in
      let new = found.filter { !state.depositsSeen.contains($0.chainEvent) }
      return (new, new)
    }
    for deposit in new {
      log.info(
        "deposit",
        metadata: [
          "wallet": "\(StrKey.account(deposit.wallet))", "asset": "\(deposit.asset.rawValue)",
          "stroops": "\(deposit.amount)",
        ])
    }
    if !new.isEmpty { try await engine.pump() }
    return through
  }
}
