import CProcess
import Glibc

/// What a program that holds keys and serves many asks of the kernel when it starts.
package enum OwnProcess {
  /// No copy of this process's memory comes to lie on disk, and no other process of its user reads
  /// it. Children inherit the first; a program they run is readable again.
  ///
  /// A debugger of the same user cannot be attached from then on; root's can.
  package static func forbidCoreDumps() {
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    // Both may always be lowered.
    precondition(setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none) == 0)
    precondition(cprocess_forbid_dumps())
  }

  package static var mayDumpCore: Bool {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
    return limit.rlim_cur > 0 || cprocess_is_dumpable()
  }

  /// As many open files as this process may have: with the usual 1,024 a thousand silent sockets
  /// would leave no room for an honest one.
  package static func allowManyFiles() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}
