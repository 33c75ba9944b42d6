import CSodium

/// libsodium, started once. Everything in this module goes through ``ready``.
enum Sodium {
  /// Initialises libsodium on first use; a machine where it cannot start has no safe randomness.
  static let ready: Bool = {
    precondition(sodium_init() >= 0, "libsodium could not be initialised")
    return true
  }()

  static func start() { precondition(ready) }
}

/// Unpredictable bytes from the operating system.
package func randomBytes(_ count: Int) -> [UInt8] {
  Sodium.start()
  return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
    randombytes_buf(buffer.baseAddress!, count)
    initialized = count
  }
}

/// Overwrites bytes that held a secret; the compiler cannot leave this out.
package func wipe(_ bytes: inout [UInt8]) {
  bytes.withUnsafeMutableBytes { sodium_memzero($0.baseAddress, $0.count) }
}

/// Compares in a time that does not depend on where the bytes differ.
package func equalInConstantTime(_ a: [UInt8], _ b: [UInt8]) -> Bool {
  Sodium.start()
  return a.count == b.count && sodium_memcmp(a, b, a.count) == 0
}
