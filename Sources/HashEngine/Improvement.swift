package import Bytes

/// A nonce with more zeros than its job had before, checked by the plain hash.
package struct Improvement: Sendable, Hashable {
  package var jobID: UInt64
  package var nonce: UInt64
  /// Leading hex zeros of `hash`, 0 … 64.
  package var zeros: Int
  package var hash: Bytes32

  package init(jobID: UInt64, nonce: UInt64, zeros: Int, hash: Bytes32) {
    self.jobID = jobID
    self.nonce = nonce
    self.zeros = zeros
    self.hash = hash
  }
}
