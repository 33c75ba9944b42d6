import KaleRules
import Pool
import Store
import Synchronization

/// How reliable poolers were of late, read from the history now and then.
final class PoolerPerformance: Sendable {
  private let history: History
  private let known = Mutex<(figures: Figures, at: ContinuousClock.Instant)?>(nil)

  typealias Figures = [PoolerID: History.Reliability]

  /// A day's blocks (requirement 36).
  static let blocks: UInt32 = 288
  static let uptimeSeconds: Int64 = 86_400
  /// They change with every block at most; a page that is looked at often costs no query each time.
  static let age = Duration.seconds(10)

  init(history: History) { self.history = history }

  func figures(at block: BlockIndex?) async throws -> Figures {
    let now = ContinuousClock.now
    if let known = known.withLock({ $0 }), now - known.at < Self.age { return known.figures }
    let last = block?.rawValue ?? 0
    let figures = try await history.reliability(
      blocksFrom: BlockIndex(last > Self.blocks ? last - Self.blocks : 0),
      since: WallClock.now - Self.uptimeSeconds)
    known.withLock { $0 = (figures, now) }
    return figures
  }
}
