package import KaleRules

/// How the pool plays, apart from what farmers and poolers choose.
package struct PoolSettings: Sendable, Hashable {
  // MARK: Time

  /// The farm's own interval, in seconds of ledger time.
  package var blockSeconds: Int64 = 300
  /// What a ledger adds to ledger time, for predictions.
  package var ledgerSeconds: Int64 = 5
  /// Ledgers that a farm's entry lives: the network's `min_temp_entry_ttl`.
  package var entryLedgers: Int64 = 17_280

  // MARK: The block

  /// Work is handed over when this many sure ledgers are left in the block; nil: at the ledger with
  /// the best reward to be expected, by how late transactions land.
  package var handOverLedgers: Int64?
  /// Of a million works so many may be expected to come too late, at most: fewer than one stake in a
  /// thousand is to be lost, and what is measured is not certain.
  package var lateMax: Int64 = 300
  /// A nonce that comes with fewer sure ledgers left is late: its stake is the pooler's loss.
  package var cutOffLedgers: Int64 = 4
  /// Ledgers from an assignment to its first nonce that every agent is given, reconnecting included
  /// (30 s). Whoever is assigned later than that before the cut-off is not to blame.
  package var answerLedgers: Int64 = 6
  /// Nobody is planted when fewer ledgers than this are left in the block: too little time to work.
  package var plantLedgersMin: Int64 = 12
  /// Plants are tried this often in one block; a refusal seldom goes away by itself.
  package var plantAttemptsMax = 3
  /// Plants and works of ours that one ledger takes, while the network's own figure is unknown.
  package var farmWritesPerLedger: Int64 = 100
  /// Seconds of ledger time after which the pool opens a block that nobody opens while somebody
  /// who leaves, or a harvest about to expire, waits for it.
  package var openAfterSeconds: Int64 = 20
  /// What a KALE is worth in XLM, in stroops: whoever cannot expect to earn the fees is not
  /// planted. Nil: they are planted.
  package var xlmPerKale: Stroops?

  // MARK: Money

  /// XLM kept back for each transaction that a wallet still has to send, in stroops. A KALE call
  /// costs some tens of thousands; once a week one pays rent for the contract's instance.
  package var feeReserve: Stroops = 500_000
  /// What a farm call costs while none was paid for yet.
  package var feeTypical: Stroops = 60_000
  /// What an account with one trustline must hold: (2 + 1) × 0.5 XLM.
  package var minimumBalance: Stroops = 15_000_000
  /// What an account must hold for each entry of its own, itself counted as two.
  package var baseReserve: Stroops = 5_000_000
  /// What one without a trustline must hold: 2 × 0.5 XLM.
  package var bareBalance: Stroops = 10_000_000
  /// XLM with which the treasury opens a pooler's bond wallet.
  package var bondWalletXLM: Stroops = 30_000_000
  /// XLM with which the treasury opens a channel or the sponsor: two base reserves and a little.
  package var serviceWalletXLM: Stroops = 11_000_000
  /// What an account without trustline must hold: 2 × 0.5 XLM.
  package var serviceMinimumBalance: Stroops = 10_000_000
  /// While fees are above what wallets keep back, nobody is planted with less than this left to the
  /// sponsor: it is for the works and harvests of those who are planted already.
  package var sponsorFloor: Stroops = 100_000_000
  /// The sponsor makes farmers' wallets and bears their reserves, so that they need XLM for fees only.
  package var sponsorsWallets = false
  /// A changed payout address counts after this many seconds.
  package var payoutDelaySeconds: Int64 = 86_400

  // MARK: Poolers

  /// A pooler takes no more farmers than its bond covers for so many blocks lost; 0: no bond is
  /// asked for.
  package var bondBlocks: Int64 = 0
  /// Hashes a second, as delivered, without which a pooler takes no further farmer: some five zeros
  /// a block, the least that the network's farmers show.
  package var hashesPerFarmerMin: Int64 = 5_000
  /// So many blocks in a row in which a pooler lost stakes suspend it.
  package var badBlocksMax = 3

  package init() {}
}

extension PoolSettings {
  /// A worked planting is harvested when its block's entry has this many ledgers left to live,
  /// whatever the farmer set.
  package var harvestMarginLedgers: Int64 { min(2_400, entryLedgers / 4) }

  /// The greatest harvest setting offered: a day's blocks, or fewer where entries live shorter. A
  /// block takes a ledger or two longer than its seconds say.
  package var harvestAfterBlocksMax: Int {
    let blockLedgers = blockSeconds / ledgerSeconds + 2
    return Int(max(1, min(240, (entryLedgers - harvestMarginLedgers) / blockLedgers)))
  }
}
