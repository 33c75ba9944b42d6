/// The database's clock, read without asking it: how far it is ahead of ours.
///
/// A reading was made between sending and receiving, so that the distance lies between two bounds.
/// The greatest lower bound is kept: a time of ours is never ahead of the database's, and behind it
/// by the shortest way an answer ever took. A reading beyond the bounds says that a clock was set.
struct DatabaseClock {
  private let start: ContinuousClock.Instant
  /// Microseconds between `start` and the database's clock, which begins in 1970 (UTC).
  private var distance: Int64

  init(reading: Int64, receivedAt: ContinuousClock.Instant = .now) {
    start = receivedAt
    distance = reading
  }

  /// Takes in a reading in microseconds since 1970-01-01 UTC.
  mutating func take(
    reading: Int64, sentAt: ContinuousClock.Instant, receivedAt: ContinuousClock.Instant = .now
  ) {
    let least = reading - microseconds(until: receivedAt)
    let most = reading - microseconds(until: sentAt)
    distance = distance > most ? least : max(distance, least)
  }

  /// A time for the next link: later than `last` even if the database's clock was set back.
  func time(after last: Int64, at now: ContinuousClock.Instant = .now) -> Int64 {
    max(last + 1, distance + microseconds(until: now))
  }

  private func microseconds(until instant: ContinuousClock.Instant) -> Int64 {
    let (seconds, attoseconds) = (instant - start).components
    return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
  }
}
