import CKeccak

/// Nonces of one job, handed to one thread: about a millisecond's work.
package struct Portion: Sendable {
  package var jobID: UInt64
  package var first: UInt64
  /// At least 1; `first + count − 1` never exceeds 2^64 − 1.
  package var count: UInt64
  /// What is worth reporting: one more than the job has; 0 for its first nonce.
  package var zeros: Int
  /// The job's place in the schedule.
  var slot: Int
  var message: ckeccak_message
}
