/// The engine has stopped with a job, and no hash for it is under way any more.
package struct JobEnd: Sendable, Hashable {
  package enum Reason: Sendable, Hashable {
    /// The block's `maxZeros` are there. A later update that raises them starts the job again.
    case reachedMaxZeros
    /// Every nonce of the range was tried.
    case exhausted
    /// The job's deadline has passed.
    case deadline
    /// An update left the job out. Its count is given here for the last time.
    case dropped
  }

  package var jobID: UInt64
  package var reason: Reason
  /// All hashes made for the job, exactly.
  package var hashes: UInt64

  package init(jobID: UInt64, reason: Reason, hashes: UInt64) {
    self.jobID = jobID
    self.reason = reason
    self.hashes = hashes
  }
}
