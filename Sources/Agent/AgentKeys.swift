import Glibc
package import RPCTransport
package import SecureChannel

/// The agent's folder of keys: its own secret, and a mark that a coordinator has accepted it.
package struct AgentKeys: Sendable {
  package let folder: String
  package let pair: StaticKeyPair
  /// The pair was made just now.
  package let isNew: Bool

  package static func keyPath(in folder: String) -> String { "\(folder)/agent.key" }

  /// Makes folder (0700) and key (0600) where they are missing.
  package init(folder: String) throws(KeyFileError) {
    self.folder = folder
    (pair, isNew) = try KeyFile.loadOrMake(Self.keyPath(in: folder), owner: .agent)
  }

  private var markPath: String { "\(folder)/agent.accepted" }

  /// Whether a coordinator has ever accepted this key: then a refusal is waited out, for a database
  /// that was restored or lags must not stop a farm.
  package var wasAccepted: Bool { access(markPath, F_OK) == 0 }

  /// Best effort: without the mark an agent only gives up earlier.
  func markAccepted() {
    let file = open(markPath, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    if file >= 0 { close(file) }
  }
}
