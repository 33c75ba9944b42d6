import NIOCore

/// The deadlines of a connection's calls behind one timer.
///
/// Calls end long before their deadline as a rule, so the timer is set for the earliest and then
/// looks again, rather than being set and cancelled for each call.
struct Deadlines {
  private var byStream: [UInt32: NIODeadline] = [:]
  private var timerAt = NIODeadline.distantFuture
  var timer: Scheduled<Void>?

  /// True where the timer must be set to `deadline`.
  mutating func add(_ stream: UInt32, _ deadline: NIODeadline) -> Bool {
    byStream[stream] = deadline
    guard deadline < timerAt else { return false }
    timerAt = deadline
    return true
  }

  mutating func remove(_ stream: UInt32) { byStream[stream] = nil }

  /// The streams whose deadline is past, and when the timer is due next, if at all.
  mutating func takePast(_ now: NIODeadline) -> (past: [UInt32], next: NIODeadline?) {
    let past = byStream.filter { $0.value <= now }.keys.sorted()
    for stream in past { byStream[stream] = nil }
    let next = byStream.values.min()
    timerAt = next ?? .distantFuture
    return (past, next)
  }
}
