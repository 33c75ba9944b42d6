import CSodium

/// A long-lived secret in locked memory that is wiped when its owner ends.
///
/// `sodium_malloc` costs four mappings, so this is for the few secrets that live long (master keys,
/// static keys); keys of single connections stay in ordinary arrays and are wiped by hand.
package final class SecretBytes: @unchecked Sendable, CustomStringConvertible,
  CustomDebugStringConvertible
{
  // Sendable because the memory is written once in `init` and only read afterwards, until `deinit`.
  private let memory: UnsafeMutableRawPointer
  package let count: Int

  /// Moves `bytes` here and wipes them where they were.
  package init(moving bytes: inout [UInt8]) {
    Sodium.start()
    count = bytes.count
    guard let memory = sodium_malloc(max(count, 1)) else {
      preconditionFailure("no locked memory left: raise the memlock limit")
    }
    self.memory = memory
    bytes.withUnsafeBytes { source in
      if let base = source.baseAddress { memory.copyMemory(from: base, byteCount: count) }
    }
    sodium_mprotect_readonly(memory)
    wipe(&bytes)
  }

  deinit { sodium_free(memory) }

  /// Lends the bytes; they must not be kept.
  package func withBytes<R, E: Error>(
    _ body: (UnsafeBufferPointer<UInt8>) throws(E) -> R
  ) throws(E) -> R {
    try body(
      UnsafeBufferPointer(start: memory.assumingMemoryBound(to: UInt8.self), count: count))
  }

  package var description: String { "SecretBytes(\(count) bytes)" }
  package var debugDescription: String { description }
}
