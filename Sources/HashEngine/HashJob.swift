package import Bytes

/// One farmer's search in one block: which nonces to try, and how far it is worth while.
package struct HashJob: Sendable, Hashable {
  /// Names the job in everything the engine says about it; a new search needs a new one.
  package var id: UInt64
  /// The farm block's index.
  package var block: UInt32
  package var entropy: Bytes32
  /// The farmer's raw 32 bytes: public key or contract id.
  package var farmer: Bytes32
  /// The nonces that are this job's, both ends included. None is tried twice while the job lives.
  package var nonces: ClosedRange<UInt64>
  /// The search ends at so many leading hex zeros: more earn nothing in this block. Units: digits.
  package var maxZeros: Int
  /// The zeros of a nonce found already, here or elsewhere; nil where the farmer has none yet.
  package var bestZeros: Int?
  /// When the search ends whatever was found; nil for never.
  package var deadline: ContinuousClock.Instant?

  package init(
    id: UInt64, block: UInt32, entropy: Bytes32, farmer: Bytes32,
    nonces: ClosedRange<UInt64> = 0...UInt64.max, maxZeros: Int, bestZeros: Int? = nil,
    deadline: ContinuousClock.Instant? = nil
  ) {
    self.id = id
    self.block = block
    self.entropy = entropy
    self.farmer = farmer
    self.nonces = nonces
    self.maxZeros = maxZeros
    self.bestZeros = bestZeros
    self.deadline = deadline
  }

  /// ``bestZeros`` brought into what a hash can have, 0 … 64: it comes from another machine.
  var knownZeros: Int? { bestZeros.map { min(max($0, 0), 64) } }
}
