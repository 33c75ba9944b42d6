/// What a farmer has in one block. Source: kale.md §2.
package struct Pail: Hashable, Sendable {
  /// The ledger of the plant.
  package var sequence: LedgerSequence
  /// Ledgers from plant to the last accepted work; nil until there is one.
  package var gap: UInt32?
  /// Stroops burnt at planting.
  package var stake: Int128
  /// Zeros of the last accepted work; nil until there is one.
  package var zeros: UInt32?

  package init(sequence: LedgerSequence, gap: UInt32? = nil, stake: Int128, zeros: UInt32? = nil) {
    self.sequence = sequence
    self.gap = gap
    self.stake = stake
    self.zeros = zeros
  }
}
