import Glibc
package import SecureChannel

/// Why a key file is of no use: one line that says what to do.
package struct KeyFileError: Error, Sendable, CustomStringConvertible {
  package let message: String

  package init(message: String) { self.message = message }

  package var description: String { message }
}

/// Secret keys in files of their text form, for their owner alone (0600).
package enum KeyFile {
  static let bytesMax = 4_096
  /// Hundreds of pinned keys; what is beyond is not looked at.
  static let linesBytesMax = 65_536

  /// Where the key that is to follow the one of `path` lies.
  package static func next(of path: String) -> String { path + ".next" }

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

  /// Puts one file in another's place at once, durably.
  package static func move(_ from: String, to path: String) throws(KeyFileError) {
    guard rename(from, path) == 0 else { throw failure("cannot rename \(from) to \(path)") }
    try syncFolder(of: path)
  }

  /// The lines of a text file that are neither empty nor comments; none where there is no file.
  package static func lines(of path: String) throws(KeyFileError) -> [String] {
    guard access(path, F_OK) == 0 else { return [] }
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw failure("cannot read \(path)") }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: linesBytesMax)
    let count = read(file, &bytes, bytes.count)
    guard count >= 0 else { throw failure("cannot read \(path)") }
    return String(decoding: bytes[0..<count], as: UTF8.self).split(whereSeparator: \.isNewline)
      .map(String.init).filter { !$0.hasPrefix("#") }
  }

  /// Replaces a text file (0600) as a whole, durably.
  package static func replace(_ path: String, with lines: [String]) throws(KeyFileError) {
    let new = path + ".new"
    let file = open(new, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw failure("cannot make \(new)") }
    let text = Array((lines.joined(separator: "\n") + "\n").utf8)
    let isWritten = write(file, text, text.count) == text.count && fsync(file) == 0
    close(file)
    guard isWritten else { throw failure("cannot write \(new)") }
    try move(new, to: path)
  }

  private static func syncFolder(of path: String) throws(KeyFileError) {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    let file = open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard file >= 0 else { throw failure("cannot open \(folder)") }
    defer { close(file) }
    guard fsync(file) == 0 else { throw failure("cannot write \(folder)") }
  }

  private static func failure(_ what: String) -> KeyFileError {
    KeyFileError(message: "\(what): \(String(cString: strerror(errno)))")
  }
}
