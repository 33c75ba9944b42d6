package import SecureChannel

/// Why an agent has no session.
package enum ConnectError: Error, Sendable, Equatable, CustomStringConvertible {
  /// No TCP connection; the text is the system's.
  case unreachable(String)
  /// The connection ended without WELCOME.
  case noWelcome
  /// The connection ended without READY.
  case noReady
  /// WELCOME or READY was not what it must be.
  case handshake(HandshakeError)
  /// An authentic refusal.
  case refused(Verdict, retryAfterMs: UInt32)
  case noCommonVersion(serverLowest: UInt8, serverHighest: UInt8)
  case cancelled

  package var description: String {
    switch self {
    case .unreachable(let text): "cannot be reached (\(text))"
    case .noWelcome:
      "does not answer: its key is not the pinned one, or this is not a coordinator's agent port"
    case .noReady: "broke off the handshake: something between changes bytes, or it is overloaded"
    case .handshake(let error): "answered wrongly (\(error))"
    case .refused(.unknownKey, _): "does not know this agent's key: enrol it with a token"
    case .refused(.revoked, _): "has revoked this agent's key"
    case .refused(.token, _): "does not take the token: unknown, expired or used; ask for a new one"
    case .refused(.duplicate, _): "sees another agent with this key"
    case .refused(let verdict, _): "refuses for now (\(verdict))"
    case .noCommonVersion(let lowest, let highest):
      "speaks protocol versions \(lowest) to \(highest), this agent version 1: update one of them"
    case .cancelled: "was not waited for"
    }
  }

  /// Whether trying again soon may help.
  package var isSoft: Bool {
    switch self {
    case .refused(let verdict, _): verdict.isTransient
    case .noCommonVersion: false
    default: true
    }
  }
}
