import Glibc
package import RPCTransport
package import SecureChannel

/// The agent's folder of keys.
///
///     agent.key        its secret K…, 0600
///     agent.key.next   one that is to follow it and has not been offered to a coordinator yet
///     agent.key.offered  the same, offered: good from now on, and the only one after its first use
///     agent.accepted   a mark that a coordinator has accepted the agent
///     server.pins      coordinators' keys that were announced, see ``PinBook``
///
/// A key is on disk before it is offered, so that no crash leaves the agent without its key.
package struct AgentKeys: Sendable {
  package let folder: String
  package private(set) var pair: StaticKeyPair
  /// The pair was made just now.
  package let isNew: Bool

  package static func keyPath(in folder: String) -> String { "\(folder)/agent.key" }

  /// Makes folder (0700) and key (0600) where they are missing.
  package init(folder: String) throws(KeyFileError) {
    self.folder = folder
    (pair, isNew) = try KeyFile.loadOrMake(Self.keyPath(in: folder), owner: .agent)
  }

  private var path: String { Self.keyPath(in: folder) }
  private var nextPath: String { KeyFile.next(of: path) }
  private var offeredPath: String { path + ".offered" }
  private var markPath: String { "\(folder)/agent.accepted" }

  /// Whether a coordinator has ever accepted this key: then a refusal is waited out, for a database
  /// that was restored or lags must not stop a farm.
  package var wasAccepted: Bool { access(markPath, F_OK) == 0 }

  /// Best effort: without the mark an agent only gives up earlier.
  func markAccepted() {
    let file = open(markPath, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    if file >= 0 { close(file) }
  }

  // MARK: - The next key

  /// Makes the key that is to follow, or gives the one that waits already. A running agent offers it
  /// to its coordinator within seconds.
  package func prepareNext() throws(KeyFileError) -> StaticKeyPair {
    if let offered = try offered() { return offered }
    return try KeyFile.loadOrMake(nextPath, owner: .agent).pair
  }

  /// The key that is to be offered.
  func next() throws(KeyFileError) -> StaticKeyPair? { try pair(at: nextPath) }

  /// The key that was offered and not yet used.
  func offered() throws(KeyFileError) -> StaticKeyPair? { try pair(at: offeredPath) }

  /// A coordinator knows of the next key.
  func markOffered() throws(KeyFileError) { try KeyFile.move(nextPath, to: offeredPath) }

  /// The offered key was used: it takes the old one's place, which is of no use any more.
  mutating func takeOffered(_ offered: StaticKeyPair) throws(KeyFileError) {
    try KeyFile.move(offeredPath, to: path)
    pair = offered
  }

  /// The coordinator does not know the offered key (any more): it is offered again.
  func withdrawOffered() throws(KeyFileError) { try KeyFile.move(offeredPath, to: nextPath) }

  private func pair(at path: String) throws(KeyFileError) -> StaticKeyPair? {
    guard access(path, F_OK) == 0 else { return nil }
    return try KeyFile.load(path, owner: .agent)
  }
}
