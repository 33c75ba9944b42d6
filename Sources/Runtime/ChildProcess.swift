import Glibc
import Synchronization

/// A child process that is always reaped, and that the kernel signals when this program dies.
///
/// Each child has a thread that starts it and then waits for its end. The kernel's parent-death
/// signal is sent when the *thread* that started the child ends, so that thread must live as long
/// as the child: this one does. No other open file is passed on.
package final class ChildProcess: Sendable {
  /// What to run, and how.
  package struct Command: Sendable {
    package var executable: String
    package var arguments: [String]
    package var environment: [String: String] = ["PATH": "/usr/bin:/bin", "LC_ALL": "C"]
    /// The signal the child gets when this program dies, by name as `setpriv` knows it.
    package var parentDeathSignal = "TERM"
    /// A user to run as; only root can ask for one.
    package var user: String?
    /// A file descriptor for the child's standard output and error; /dev/null where nil.
    package var output: CInt?

    package init(_ executable: String, _ arguments: [String]) {
      self.executable = executable
      self.arguments = arguments
    }

    /// `setpriv` (util-linux, part of every Debian) drops the rights and sets the signal.
    var argumentVector: [String] {
      var vector = [ChildProcess.setpriv, "--pdeathsig", parentDeathSignal]
      if let user {
        vector += ["--reuid=\(user)", "--regid=\(user)", "--clear-groups"]
      }
      return vector + ["--", executable] + arguments
    }
  }

  package enum End: Sendable, Equatable {
    case exited(CInt)
    case signalled(CInt)
  }

  package struct StartError: Error, Sendable, CustomStringConvertible {
    package let description: String
  }

  static let setpriv = "/usr/bin/setpriv"

  package let processID: Int32
  private let state: Mutex<State>

  private struct State {
    var end: End?
    var waiters: [CheckedContinuation<End, Never>] = []
  }

  private init(processID: pid_t) {
    self.processID = processID
    state = Mutex(State())
  }

  /// Starts `command` in a process group of its own, so that a terminal's Ctrl-C is ours alone.
  package static func start(_ command: Command) async throws(StartError) -> ChildProcess {
    let result: Result<ChildProcess, StartError> = await withCheckedContinuation { started in
      _ = OwnThread(name: "child") {
        let result = spawn(command)
        started.resume(returning: result)
        if case .success(let child) = result { child.reap() }
      }
    }
    return try result.get()
  }

  /// Sends a signal, unless the child has ended already (its id could be another's by now).
  package func signal(_ number: CInt) {
    state.withLock { state in
      if state.end == nil { kill(processID, number) }
    }
  }

  /// How the child has ended, nil while it runs.
  package var end: End? { state.withLock { $0.end } }

  /// Waits for the child's end.
  package func ended() async -> End {
    await withCheckedContinuation { waiter in
      let end: End? = state.withLock { state in
        if state.end == nil { state.waiters.append(waiter) }
        return state.end
      }
      if let end { waiter.resume(returning: end) }
    }
  }

  private func reap() {
    // Waits without reaping first: the process id stays ours until `end` is set under the lock.
    var info = siginfo_t()
    while waitid(P_PID, id_t(processID), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR {}
    let (end, waiters) = state.withLock { state in
      var status: CInt = 0
      while waitpid(processID, &status, 0) < 0 && errno == EINTR {}
      let end: End =
        status & 0x7f == 0 ? .exited((status >> 8) & 0xff) : .signalled(status & 0x7f)
      state.end = end
      defer { state.waiters = [] }
      return (end, state.waiters)
    }
    for waiter in waiters { waiter.resume(returning: end) }
  }

  private static func spawn(_ command: Command) -> Result<ChildProcess, StartError> {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    if let output = command.output {
      posix_spawn_file_actions_adddup2(&actions, output, 1)
    } else {
      posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    }
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    keepFilesFromChildren()

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))

    var processID: pid_t = 0
    let environment = command.environment.map { "\($0.key)=\($0.value)" }.sorted()
    let status = withCStrings(command.argumentVector) { arguments in
      withCStrings(environment) { environment in
        posix_spawn(&processID, setpriv, &actions, &attributes, arguments, environment)
      }
    }
    guard status == 0 else {
      return .failure(
        StartError(
          description: "\(command.executable) could not be started: "
            + String(cString: strerror(status))))
    }
    return .success(ChildProcess(processID: processID))
  }
}

/// Marks every open file close-on-exec: NIO opens its sockets without, and a child that inherits
/// thousands of them has no room for its own.
private func keepFilesFromChildren() {
  guard let folder = opendir("/proc/self/fd") else { return }
  defer { closedir(folder) }
  while let entry = readdir(folder) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
      name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if let file = CInt(name), file > 2 { _ = fcntl(file, F_SETFD, FD_CLOEXEC) }
  }
}

/// Lends `strings` as a NULL-terminated vector of C strings.
private func withCStrings<R>(
  _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> R
) -> R {
  var vector: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
  vector.append(nil)
  defer { for string in vector { free(string) } }
  return body(&vector)
}
