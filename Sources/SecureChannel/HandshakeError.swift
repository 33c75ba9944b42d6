/// Why a handshake ended. For the log and the metrics; a peer that has not proved itself is told
/// nothing.
package struct HandshakeError: Error, Sendable, Equatable, CustomStringConvertible {
  package enum Reason: Sendable, Hashable {
    /// Another size, start or type than the message must have.
    case header
    /// A box that does not open: a wrong key, or changed bytes.
    case box
    /// A public key that is not canonical, or of small order.
    case publicKey
    /// HELLO's boxed copy differs from what came in clear.
    case echo
    /// The vouch does not fit keys or transcript.
    case vouch
    /// READY was made over other messages.
    case transcript
    /// The server has no version that the agent speaks: authentic, so not worth a quick retry.
    case noCommonVersion(serverLowest: UInt8, serverHighest: UInt8)
    /// A version outside the agent's range, or a feature it did not offer.
    case notOffered
    /// Limits in READY that cannot hold together.
    case terms
  }

  package let reason: Reason
  package let message: HandshakeMessage

  init(_ reason: Reason, at message: HandshakeMessage) {
    self.reason = reason
    self.message = message
  }

  package var description: String { "\(message) refused: \(reason)" }
}
