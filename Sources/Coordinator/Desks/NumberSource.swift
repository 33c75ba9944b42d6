import Synchronization

/// Gives out numbers that nobody else has, in this process and before.
///
/// A wallet's seed is sealed for its owner's number before the owner is recorded, so a number is
/// used up even where nothing comes of it.
final class NumberSource: Sendable {
  private let last = Mutex<Int64>(0)

  /// A number above `known`, the highest on record, and above every one given before.
  func next(after known: Int64) -> Int64 {
    last.withLock { last in
      last = max(last, known) + 1
      return last
    }
  }
}
