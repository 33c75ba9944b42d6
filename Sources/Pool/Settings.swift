package import KaleRules

/// How the pool plays, apart from what farmers and poolers choose.
package struct PoolSettings: Sendable, Hashable {
  /// The farm's own interval, in seconds of ledger time.
  package var blockSeconds: Int64 = 300
  /// What a ledger adds to ledger time, for predictions.
  package var ledgerSeconds: Int64 = 5
  /// Work is handed over when this many ledgers are left that surely close inside the block: gap
  /// grows until then, and a transaction that lands some ledgers late still lands.
  package var handOverLedgers: Int64 = 4
  /// Nobody is planted when fewer ledgers than this are left in the block: too little time to work.
  package var plantLedgersMin: Int64 = 12
  /// Plants are tried this often in one block; a refusal seldom goes away by itself.
  package var plantAttemptsMax = 3
  /// Seconds of ledger time after which the pool opens a block that nobody opens while somebody
  /// who leaves waits for it.
  package var openAfterSeconds: Int64 = 20
  /// XLM kept back for each transaction that a wallet still has to send, in stroops. A KALE call
  /// costs some tens of thousands; once a week one pays rent for the contract's instance.
  package var feeReserve: Stroops = 500_000
  /// What an account with one trustline must hold: (2 + 1) × 0.5 XLM.
  package var minimumBalance: Stroops = 15_000_000
  /// Blocks before its entry expires at which a worked planting is harvested, whatever was set.
  package var harvestAfterBlocksMax = 240
  /// XLM with which the treasury opens a pooler's bond wallet.
  package var bondWalletXLM: Stroops = 30_000_000
  /// A changed payout address counts after this many seconds.
  package var payoutDelaySeconds: Int64 = 86_400

  package init() {}
}
