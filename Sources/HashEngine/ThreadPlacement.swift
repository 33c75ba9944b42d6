import CAffinity
import Glibc

/// Where threads run and how they yield to others.
enum ThreadPlacement {
  /// The processors this process may use, by number, at least one.
  static var processors: [Int] {
    // As many as glibc's `cpu_set_t` can name.
    let allowed = (0..<1024).filter { caffinity_allows(CInt($0)) }
    return allowed.isEmpty ? [0] : allowed
  }

  /// Binds the calling thread to one processor. Not being allowed to is no failure.
  static func pin(to processor: Int) { _ = caffinity_bind(CInt(processor)) }

  /// Sets the calling thread's nice level, −20 … 19; Linux keeps one for each thread.
  static func setNice(_ level: Int) {
    _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, CInt(clamping: level))
  }
}

/// Blocks the calling thread; returns at once for times below or equal to 0.
func sleepThread(_ time: Duration) {
  guard time > .zero else { return }
  var pause = timespec()
  pause.tv_sec = Int(time.components.seconds)
  pause.tv_nsec = Int(time.components.attoseconds / 1_000_000_000)
  nanosleep(&pause, nil)
}
