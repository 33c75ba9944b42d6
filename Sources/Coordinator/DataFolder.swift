import Bytes
import Custody
import Glibc
import RPCTransport
import SecureChannel
import Sodium

/// The coordinator's folder: its keys, made at the first start and never again.
///
///     keys/master.key       master key of custody, 0600, unless one comes from elsewhere
///     keys/server.key       secret channel key Z…, 0600
///     keys/server.key.next  one that is to follow it, by `kalepool keys rotate`
///     keys/server.pub       public channel key H…, which agents are told
///     keys/operator.token   bearer token of the operator's API, 0600
///     keys/journal.key      signs the journal's checkpoints, 0600; journal.pub is its public key
///     journal.head          the journal's end as last written
///     database/             the private cluster
struct DataFolder {
  let path: String

  init(_ path: String) throws {
    self.path = path
    // With its parents, as `mkdir -p`.
    for (at, letter) in path.enumerated() where letter == "/" && at > 0 {
      try Self.make(String(path.prefix(at)), mode: 0o755)
    }
    try Self.make(path, mode: 0o755)
    try Self.make(path + "/keys", mode: 0o700)
  }

  var database: String { path + "/database" }

  /// By what name the coordinator of a folder holds the pool's lease: machine and folder.
  static func holder(_ path: String) -> String {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    let host = String(
      decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    guard let real = realpath(path, nil) else { return "\(host):\(path)" }
    defer { free(real) }
    return "\(host):\(String(cString: real))"
  }

  /// The master keys: from systemd, the environment, or a file of ours that is made at first.
  func masterKeys(mayMake: Bool) throws -> MasterKeyRing {
    if getenv("CREDENTIALS_DIRECTORY") != nil {
      return try MasterKeyRing.load(.systemdCredential(MasterKeySource.credential))
    }
    if getenv(MasterKeySource.variable) != nil {
      return try MasterKeyRing.load(.environment(MasterKeySource.variable))
    }
    let file = path + "/keys/master.key"
    if mayMake, access(file, F_OK) != 0 { try MasterKeyRing.createFile(file) }
    return try MasterKeyRing.load(.file(file))
  }

  /// The channel key in use, made at the first start, and the one that is to follow it, if any.
  func serverKeys() throws -> [StaticKeyPair] {
    let file = path + "/keys/server.key"
    let pair = try KeyFile.loadOrMake(file, owner: .server).pair
    try Self.write(pair.publicText + "\n", to: path + "/keys/server.pub", mode: 0o644)
    let next = KeyFile.next(of: file)
    guard access(next, F_OK) == 0 else { return [pair] }
    return [pair, try KeyFile.load(next, owner: .server)]
  }

  /// SHA-256 of the operator's token, which is made at the first start.
  func operatorTokenHash() throws -> Bytes32 {
    let file = path + "/keys/operator.token"
    if access(file, F_OK) != 0 {
      try Self.write(Hex.encode(randomBytes(32)) + "\n", to: file, mode: 0o600)
    }
    let text = try Self.read(file).filter { !$0.isWhitespace }
    guard text.count == 64 else {
      throw CoordinatorError("\(file) holds no operator token: delete it to have a new one made")
    }
    return sha256(Array(text.utf8))
  }

  private static func make(_ path: String, mode: mode_t) throws {
    if mkdir(path, mode) == 0 || errno == EEXIST { return }
    throw CoordinatorError("cannot make the folder \(path): \(String(cString: strerror(errno)))")
  }

  private static func write(_ text: String, to path: String, mode: mode_t) throws {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
    guard file >= 0 else {
      throw CoordinatorError("cannot write \(path): \(String(cString: strerror(errno)))")
    }
    defer { close(file) }
    let bytes = Array(text.utf8)
    guard Glibc.write(file, bytes, bytes.count) == bytes.count else {
      throw CoordinatorError("cannot write \(path): \(String(cString: strerror(errno)))")
    }
  }

  private static func read(_ path: String) throws -> String {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else {
      throw CoordinatorError("cannot read \(path): \(String(cString: strerror(errno)))")
    }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = Glibc.read(file, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }
}

/// Why the coordinator cannot start or go on: one line that says what to do.
package struct CoordinatorError: Error, Sendable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}
