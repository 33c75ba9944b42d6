/// Why there is no answer.
package struct HTTPClientError: Error, Sendable, CustomStringConvertible {
  package enum Code: Sendable, Hashable {
    /// The request cannot be sent as it is: mend it.
    case badRequest
    /// No connection came about, so nothing was sent: repeat it, here or elsewhere.
    case notSent
    /// The time was over. Whether the other end acted is unknown.
    case timedOut
    /// The connection broke or spoke something else than HTTP. Whether the other end acted is
    /// unknown.
    case connectionLost
    /// The answer is longer than allowed.
    case bodyTooLarge
    /// The calling task was cancelled; whether the other end acted is unknown.
    case cancelled
    /// The client was shut down.
    case closed
  }

  package var code: Code
  package var message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  package var description: String { message }
}
