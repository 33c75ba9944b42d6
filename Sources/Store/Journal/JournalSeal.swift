package import Bytes
import Glibc
import Sodium
import Synchronization

/// What this coordinator keeps outside of the database so that tampering inside of it shows: a key
/// that signs checkpoints, and the end of the journal as it last wrote it.
///
///     keys/journal.key    Ed25519 seed, 64 hex digits, 0600
///     keys/journal.pub    its public key, for whoever verifies elsewhere
///     journal.head        `LINK LAST HEAD`: rewritten at every commit
///
/// The head is not synced: after a power cut it may be behind the database, never ahead of it.
package final class JournalSeal: Sendable {
  package let publicKey: Bytes32
  let headFile: String
  private let pair: Ed25519KeyPair
  private let descriptor = Mutex<CInt?>(nil)

  /// The end of the journal.
  struct Head: Equatable {
    var link: Int64
    var last: Int64
    var head: Bytes32
  }

  private static let context = Array("kalepool journal checkpoint 1".utf8)

  /// Takes up the key in `folder`, or makes one; only a folder that has one where `mayMake` is false.
  package init(folder: String, mayMake: Bool = true) throws(StoreError) {
    let file = folder + "/keys/journal.key"
    headFile = folder + "/journal.head"
    if access(file, F_OK) != 0 {
      guard mayMake else {
        throw StoreError(
          .failed, "\(file) is missing: name the coordinator's data folder with --data")
      }
      mkdir(folder + "/keys", 0o700)
      try Self.write(Hex.encode(randomBytes(32)) + "\n", to: file, 0o600)
    }
    guard let seed = Bytes32(hex: try Self.read(file).filter { !$0.isWhitespace }) else {
      throw StoreError(.failed, "\(file) is no key of 64 hex digits: restore it from a backup")
    }
    pair = Ed25519KeyPair(seed: seed)
    publicKey = pair.publicKey
    let publicFile = folder + "/keys/journal.pub"
    if mayMake, access(publicFile, F_OK) != 0 {
      try Self.write(publicKey.description + "\n", to: publicFile, 0o644)
    }
  }

  deinit { descriptor.withLock { if let file = $0 { close(file) } } }

  func sign(_ link: JournalLink) -> [UInt8] { pair.sign(Self.message(link.number, link.head)) }

  static func holds(
    _ signature: [UInt8], link: Int64, head: Bytes32, key: Bytes32
  ) -> Bool {
    Ed25519.verify(signature, of: message(link, head), by: key)
  }

  private static func message(_ link: Int64, _ head: Bytes32) -> [UInt8] {
    var message = context
    JournalBytes.append(link, to: &message)
    return message + head.bytes
  }

  // MARK: The end

  /// The journal's end as it was last written; nil: nothing was.
  func head() throws(StoreError) -> Head? {
    guard access(headFile, F_OK) == 0 else { return nil }
    let words = try Self.read(headFile).split(whereSeparator: \.isWhitespace)
    guard words.count == 3, let link = Int64(words[0]), let last = Int64(words[1]),
      let head = Bytes32(hex: String(words[2]))
    else {
      throw StoreError(
        .failed, "\(headFile) cannot be read: move it away to go on without its check")
    }
    return Head(link: link, last: last, head: head)
  }

  /// Remembers the journal's end. Called for one link after the other.
  func remember(_ link: JournalLink) throws(StoreError) {
    let file: CInt = descriptor.withLock { descriptor in
      let file = descriptor ?? open(headFile, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
      if file >= 0 { descriptor = file }
      return file
    }
    guard file >= 0 else { throw Self.problem("written", headFile) }
    // Of one length always, so that a shorter one leaves nothing of the one before.
    let line = Array("\(Self.padded(link.number)) \(Self.padded(link.last)) \(link.head)\n".utf8)
    guard pwrite(file, line, line.count, 0) == line.count else {
      throw Self.problem("written", headFile)
    }
  }

  private static func padded(_ number: Int64) -> String {
    let digits = String(number)
    return String(repeating: "0", count: 19 - digits.count) + digits
  }

  // MARK: Files

  private static func write(_ text: String, to path: String, _ mode: mode_t) throws(StoreError) {
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
    guard file >= 0 else { throw problem("made", path) }
    defer { close(file) }
    let bytes = Array(text.utf8)
    guard Glibc.write(file, bytes, bytes.count) == bytes.count, fsync(file) == 0 else {
      throw problem("written", path)
    }
  }

  private static func read(_ path: String) throws(StoreError) -> String {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw problem("read", path) }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = Glibc.read(file, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }

  private static func problem(_ what: String, _ path: String) -> StoreError {
    StoreError(.failed, "\(path) cannot be \(what): \(String(cString: strerror(errno)))")
  }
}
