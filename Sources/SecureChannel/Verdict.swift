/// The server's answer to an agent that has proved its key. Source: PROTOCOL.md, "Verdicts".
package enum Verdict: UInt8, Sendable, Hashable {
  case accepted = 0
  /// The session stays, with Control's calls only, until an operator approves.
  case pending = 1
  case unknownKey = 2
  case revoked = 3
  /// The token is unknown, expired or used: one code for all.
  case token = 4
  case overloaded = 5
  /// Another process uses the same key.
  case duplicate = 6
  case shuttingDown = 7

  /// Whether a session follows READY.
  package var opensSession: Bool { rawValue <= 1 }

  /// Whether trying again soon may help.
  package var isTransient: Bool { rawValue >= 5 }
}
