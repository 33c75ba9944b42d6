import Glibc
import Sodium

/// Where the master keys come from: never the database.
package enum MasterKeySource: Sendable, Hashable, CustomStringConvertible {
  /// A file of our own user (or root's), which nobody else may read: mode 0600 or 0400.
  case file(String)
  /// An environment variable.
  case environment(String)
  /// A credential of the service, `LoadCredential=` or `LoadCredentialEncrypted=` in the unit.
  case systemdCredential(String)

  package static let variable = "KALEPOOL_MASTER_KEY"
  package static let credential = "kalepool-master-key"

  /// More than a hundred versions fit.
  static let bytesMax = 16_384

  package var description: String {
    switch self {
    case .file(let path): "the file \(path)"
    case .environment(let name): "the environment variable \(name)"
    case .systemdCredential(let name): "the systemd credential \(name)"
    }
  }

  /// The text, which the caller wipes.
  func read() throws(CustodyError) -> [UInt8] {
    switch self {
    case .file(let path): return try read(file: path, isCredential: false)
    case .environment(let name):
      guard let text = getenv(name), text.pointee != 0 else {
        throw problem(
          "is not set: set it to the pool's key, or for a new pool to one of `kalepool keys master`"
        )
      }
      return Array(UnsafeRawBufferPointer(start: text, count: strnlen(text, Self.bytesMax)))
    case .systemdCredential(let name):
      guard let folder = getenv("CREDENTIALS_DIRECTORY") else {
        throw problem("is not there: the service needs LoadCredential=\(name)")
      }
      return try read(file: String(cString: folder) + "/" + name, isCredential: true)
    }
  }

  private func read(file path: String, isCredential: Bool) throws(CustodyError) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else {
      if errno == ENOENT {
        throw problem(
          "does not exist: put the pool's key there, or for a new pool one of `kalepool keys master`"
        )
      }
      throw problem("cannot be read: \(String(cString: strerror(errno)))")
    }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw problem("is not a regular file")
    }
    // systemd gives credentials to the service alone, by rights of its own choosing.
    if !isCredential {
      guard status.st_mode & 0o077 == 0 else {
        throw problem("may be read by others: run `chmod 600 \(path)`")
      }
      guard status.st_uid == geteuid() || status.st_uid == 0 else {
        throw problem("belongs to another user: run `chown` on it")
      }
    }
    var bytes = [UInt8](repeating: 0, count: Self.bytesMax)
    defer { wipe(&bytes) }
    var length = 0
    while length < bytes.count {
      let got = bytes.withUnsafeMutableBytes { buffer in
        Glibc.read(file, buffer.baseAddress! + length, buffer.count - length)
      }
      if got < 0 && errno == EINTR { continue }
      guard got >= 0 else { throw problem("cannot be read: \(String(cString: strerror(errno)))") }
      if got == 0 { return Array(bytes[..<length]) }
      length += got
    }
    throw problem("is too long to be a key file")
  }

  func problem(_ what: String) -> CustodyError {
    CustodyError(.masterKey, "master key: \(self) \(what)")
  }
}
