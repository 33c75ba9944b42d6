/// How large a portion is, and how long to rest after it.
struct Pace {
  /// What a portion should take: short enough that a dropped job is left within 5 ms, long enough
  /// that taking turns costs nothing.
  static let portion = Duration.milliseconds(1)
  /// Rests shorter than this are saved up: a sleep takes some 0.1 ms more than asked for.
  static let restMin = Duration.milliseconds(2)
  /// Limits of a portion's size: a first guess for any processor, and what no processor exceeds.
  static let (first, least, most) = (512.0, 16.0, Double(1 << 20))

  /// 1 … 100.
  let cpuPercent: Int
  private var nonces = Pace.first
  private var owed = Duration.zero

  init(cpuPercent: Int) {
    precondition((1...100).contains(cpuPercent), "per cent of a core, 1 to 100")
    self.cpuPercent = cpuPercent
  }

  /// The most nonces the next portion should have.
  var limit: UInt64 { UInt64(nonces) }

  /// Learns from a portion. Returns how long to sleep now.
  mutating func worked(_ tried: UInt64, in time: Duration) -> Duration {
    let seconds = time / .seconds(1)
    // Portions cut short by a find say little about the speed.
    if Double(tried) > nonces / 4 && seconds > 0 {
      let fitting = Double(tried) * (Pace.portion / .seconds(1)) / seconds
      // At most four times as much as before, in case the clock was read badly.
      nonces = min(max(fitting, Pace.least), Pace.most, nonces * 4)
    }
    if cpuPercent == 100 { return .zero }
    owed += time * (100 - cpuPercent) / cpuPercent
    if owed < Pace.restMin { return .zero }
    defer { owed = .zero }
    return owed
  }
}
