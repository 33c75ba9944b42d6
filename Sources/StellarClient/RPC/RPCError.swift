/// Why the network's RPC gave no useful answer.
package struct RPCError: Error, Sendable, CustomStringConvertible {
  /// What a caller may act on.
  package enum Code: Sendable, Hashable {
    /// No node could be reached; nothing was sent. Repeat later.
    case unavailable
    /// The nodes have too much to do (queue full, rate limit). Repeat later.
    case busy
    /// Sent, and no answer came. A reading call may be repeated; after `sendTransaction` the
    /// transaction may be in a queue: look it up by its hash.
    case outcomeUnknown
    /// The node understood and refuses, with this JSON-RPC code: repeating does not help.
    case refused(Int)
    /// The node has not seen the ledger that was asked for. Repeat after a ledger.
    case behind
    /// What came back cannot be read.
    case badAnswer
    /// The calling task was cancelled; whether something was sent is unknown.
    case cancelled
  }

  package var code: Code
  package var message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// Whether the same call may succeed later.
  package var isRetryable: Bool {
    switch code {
    case .unavailable, .busy, .outcomeUnknown, .behind: true
    case .refused, .badAnswer, .cancelled: false
    }
  }

  package var description: String { message }
}
