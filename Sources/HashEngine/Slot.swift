import CKeccak

/// One job in the ``Schedule``.
///
/// Waiting (in a queue) → halted (out of it, `halt` says why) → waiting again, if an update makes it
/// worth while. From `dropped` no way leads back.
struct Slot: Sendable {
  var job: HashJob
  var message: ckeccak_message
  /// The most zeros known, here or elsewhere.
  var best: Int?
  /// Nonces never handed out.
  var untouched: Span?
  var leftoverCount = 0
  /// Portions handed out and not come back.
  var underWay = 0
  var hashes: UInt64 = 0
  /// Why nothing is taken from the job.
  var halt: JobEnd.Reason?
  /// The halt was told to the outside.
  var isTold = false
  var isInUse = true
  /// The last update that named the job.
  var stamp: UInt64

  /// The queue the job is in, and its neighbours there.
  var level: Int?
  var previous: Int?
  var next: Int?

  init(_ job: HashJob, stamp: UInt64) {
    self.job = job
    self.stamp = stamp
    message = ckeccak_message(job)
    best = job.knownZeros
    untouched = Span(first: job.nonces.lowerBound, last: job.nonces.upperBound)
  }

  var isDropped: Bool { halt == .dropped }

  var hasNonces: Bool { untouched != nil || leftoverCount > 0 }

  func isSameSearch(as other: HashJob) -> Bool {
    job.block == other.block && job.entropy == other.entropy && job.farmer == other.farmer
      && job.nonces == other.nonces
  }
}
