import Glibc
package import SecureChannel

/// Why a key file is of no use: one line that says what to do.
package struct KeyFileError: Error, Sendable, CustomStringConvertible {
  package let message: String
  package var description: String { message }
}

/// Secret keys in files of their text form, for their owner alone (0600).
package enum KeyFile {
  static let bytesMax = 4_096

  /// Refuses a file that others may read.
  package static func load(_ path: String, owner: StaticKeyPair.Owner) throws(KeyFileError)
    -> StaticKeyPair
  {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw failure("cannot read \(path)") }
    defer { close(file) }
    var info = stat()
    guard fstat(file, &info) == 0 else { throw failure("cannot read \(path)") }
    guard info.st_mode & 0o077 == 0 else {
      throw KeyFileError(
        message: "\(path) can be read by others, and may have been: run chmod 600 \(path)")
    }
    var bytes = [UInt8](repeating: 0, count: bytesMax)
    let count = read(file, &bytes, bytes.count)
    guard count >= 0 else { throw failure("cannot read \(path)") }
    defer { for at in bytes.indices { bytes[at] = 0 } }
    // Lines that begin with # are comments.
    let text = String(decoding: bytes[0..<count], as: UTF8.self)
    let line = text.split(whereSeparator: \.isNewline).first { !$0.hasPrefix("#") }
    do { return try StaticKeyPair(owner: owner, secretText: String(line ?? "")) } catch {
      throw KeyFileError(message: "\(path): \(error)")
    }
  }

  /// Never overwrites: a key that is lost is lost for good.
  package static func save(_ pair: StaticKeyPair, to path: String) throws(KeyFileError) {
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw failure("cannot make \(path)") }
    defer { close(file) }
    let text = Array(
      "# The secret of \(pair.publicText). Keep it to yourself.\n\(pair.secretText)\n".utf8)
    guard write(file, text, text.count) == text.count, fsync(file) == 0 else {
      let error = failure("cannot write \(path)")
      unlink(path)
      throw error
    }
  }

  /// The pair of `path`, made if there is none; a missing folder is made with 0700.
  package static func loadOrMake(_ path: String, owner: StaticKeyPair.Owner) throws(KeyFileError)
    -> (pair: StaticKeyPair, isNew: Bool)
  {
    if access(path, F_OK) == 0 { return (try load(path, owner: owner), false) }
    if let slash = path.lastIndex(of: "/") { try makeFolder(String(path[..<slash])) }
    let pair = StaticKeyPair(owner: owner)
    try save(pair, to: path)
    return (pair, true)
  }

  /// With its parents, for their owner alone.
  private static func makeFolder(_ path: String) throws(KeyFileError) {
    guard !path.isEmpty, access(path, F_OK) != 0 else { return }
    if let slash = path.lastIndex(of: "/") { try makeFolder(String(path[..<slash])) }
    if mkdir(path, 0o700) != 0, errno != EEXIST {
      throw failure("cannot make the folder \(path)")
    }
  }

  private static func failure(_ what: String) -> KeyFileError {
    KeyFileError(message: "\(what): \(String(cString: strerror(errno)))")
  }
}
