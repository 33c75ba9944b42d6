import Glibc
import Synchronization

/// An exclusive lock on a file, held until released or until the program ends in any way.
final class FileLock: Sendable {
  private let descriptor: Mutex<CInt?>

  init(_ path: String) throws(ClusterError) {
    let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { throw ClusterError(.unusableFolder, "\(path): \(lastSystemError())") }
    guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
      close(file)
      throw ClusterError(
        .inUse, "\(path) is held by another running kalepool: stop it, or choose another folder")
    }
    descriptor = Mutex(file)
  }

  deinit { release() }

  func release() {
    descriptor.withLock { descriptor in
      if let file = descriptor { close(file) }
      descriptor = nil
    }
  }
}

/// The text of `errno`.
func lastSystemError() -> String { String(cString: strerror(errno)) }
