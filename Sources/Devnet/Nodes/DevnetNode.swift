import StellarXDR

/// One node of the devnet: an address with its own view of the chain and its own faults.
struct DevnetNode: Sendable {
  let chain: DevnetChain
  /// Counted from 1.
  let number: Int
  /// How many ledgers it is always behind.
  let lagLedgers: UInt32

  /// Looks at the chain as this node sees it, for the RPC method of that name.
  func read<T: Sendable>(
    for method: String, _ body: @Sendable (borrowing DevnetLedger) -> T
  ) async -> T { await chain.read(by: self, for: method, body) }

  /// Looks at entries; see ``DevnetChain/readEntries(by:for:_:)``.
  func readEntries<T: Sendable>(
    for method: String,
    _ body: @Sendable (borrowing DevnetLedger, _ latest: UInt32, _ falseIndex: Int64?) -> T
  ) async -> T { await chain.readEntries(by: self, for: method, body) }

  func submit(_ frame: TransactionFrame) async -> (
    outcome: SubmitOutcome, latest: DevnetChain.Latest
  ) { await chain.submit(frame, by: self) }
}
