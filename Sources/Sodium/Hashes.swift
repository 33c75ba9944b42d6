package import Bytes
import CSodium

package func sha256(_ message: [UInt8]) -> Bytes32 {
  Sodium.start()
  var out = [UInt8](repeating: 0, count: 32)
  crypto_hash_sha256(&out, message, UInt64(message.count))
  return Bytes32(out)!  // 32 bytes by construction
}

/// BLAKE2b (`crypto_generichash`).
package enum Blake2b {
  /// `count` bytes (16...64) of BLAKE2b over `message`, keyed when `key` (16...64 bytes) is given.
  package static func hash(_ message: [UInt8], key: [UInt8] = [], count: Int = 32) -> [UInt8] {
    Sodium.start()
    precondition((16...64).contains(count) && (key.isEmpty || (16...64).contains(key.count)))
    var out = [UInt8](repeating: 0, count: count)
    let status = crypto_generichash(
      &out, count, message, UInt64(message.count), key.isEmpty ? nil : key, key.count)
    precondition(status == 0)
    return out
  }
}
