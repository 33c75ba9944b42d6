/// A shape of traffic: how small messages go, and how many are under way at once.
package enum Workload: String, CaseIterable, Codable, Sendable {
  /// One unary call after the other.
  case unary1 = "unary-1"
  case unary64 = "unary-64"
  /// One bidirectional stream whose messages come back, one at a time.
  case stream1 = "stream-1"
  case stream64 = "stream-64"
  /// As fast as flow control lets the writer write.
  case streamUnthrottled = "stream-unthrottled"

  /// A nonce or a report of the pool's is about as long.
  package static let messageBytes = 135

  package var isStream: Bool {
    switch self {
    case .unary1, .unary64: false
    case .stream1, .stream64, .streamUnthrottled: true
    }
  }

  /// Nil: no limit but flow control.
  package var inFlight: Int? {
    switch self {
    case .unary1, .stream1: 1
    case .unary64, .stream64: 64
    case .streamUnthrottled: nil
    }
  }
}
