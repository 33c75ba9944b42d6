/// One connection to a server that gives back what it is sent.
package protocol EchoClient: Sendable {
  associatedtype Writer: EchoWriter
  associatedtype Replies: AsyncSequence where Replies.Element == [UInt8]

  /// One unary call; gives the answer.
  func call(_ message: [UInt8]) async throws -> [UInt8]

  /// One bidirectional stream, over when `body` returns.
  func withStream(_ body: @escaping @Sendable (Writer, Replies) async throws -> Void) async throws

  func close()
}

package protocol EchoWriter: Sendable {
  func write(_ message: [UInt8]) async throws
}

/// An answer that is not what was sent.
package struct WrongEcho: Error {}
