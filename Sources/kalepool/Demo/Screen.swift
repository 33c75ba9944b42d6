import Foundation

/// Lines for people, and below them, on a terminal, a status that is written over.
struct Screen: Sendable {
  enum Output: Int32, Sendable {
    case standardOutput = 1
    case standardError = 2
  }

  private let output: Output
  private let isTerminal: Bool
  /// Back to the line's beginning, and what stands there goes.
  private static let clear = "\r\u{1B}[K"

  init(_ output: Output) {
    self.output = output
    isTerminal = isatty(output.rawValue) == 1
  }

  func line(_ text: String) { put((isTerminal ? Self.clear : "") + text + "\n") }

  /// Only on a terminal; cut to a width every terminal has.
  func status(_ text: String) {
    if isTerminal { put(Self.clear + text.prefix(79)) }
  }

  /// At once, and past a reader who has gone.
  private func put(_ text: String) {
    let bytes = Array(text.utf8)
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        write(output.rawValue, $0.baseAddress, $0.count)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return }
      sent += count
    }
  }
}
