package import Bytes

/// What the farm contract needs of the ledger it runs in.
///
/// Reads are `mutating` because a host may record what is touched. Expired entries read as nil, and
/// storing one creates it anew; storing a live one keeps its lifetime.
package protocol FarmHost {
  var sequence: LedgerSequence { get }
  /// Close time of the ledger being made, Unix seconds.
  var time: UInt64 { get }

  mutating func instance() throws(FarmFailure) -> FarmInstance
  mutating func store(_ instance: FarmInstance) throws(FarmFailure)
  mutating func block(_ index: BlockIndex) throws(FarmFailure) -> FarmBlock?
  /// Nil removes it; removing what is not there is fine.
  mutating func store(_ block: FarmBlock?, at index: BlockIndex) throws(FarmFailure)
  mutating func pail(of farmer: FarmAddress, in index: BlockIndex) throws(FarmFailure) -> Pail?
  /// Nil removes it.
  mutating func store(_ pail: Pail?, of farmer: FarmAddress, in index: BlockIndex)
    throws(FarmFailure)

  /// Demands `address`'s authorisation of the call that is running, with exactly its arguments.
  mutating func requireAuthorization(of address: FarmAddress) throws(FarmFailure)

  /// Calls the asset's contract `asset`: all or nothing. `amount` > 0.
  mutating func burn(_ amount: Int128, from farmer: FarmAddress, asset: Bytes32)
    throws(FarmFailure)
  /// Calls the asset's contract `asset` as its administrator: all or nothing. `amount` > 0.
  mutating func mint(_ amount: Int128, to farmer: FarmAddress, asset: Bytes32) throws(FarmFailure)

  /// The contract prolongs its own instance's life.
  mutating func extendInstance() throws(FarmFailure)
}
