import Glibc

/// This machine's clock: for display, log-ins and the expiry of tokens, never for the chain.
enum WallClock {
  /// Unix seconds.
  static var now: Int64 { Int64(time(nil)) }
}
