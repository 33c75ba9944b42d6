import CPoolProtos
import CProtobufC
import FramedRPC
import Glibc

/// Memory for libprotobuf-c up to a total: what is freed does not come back, so that the sum of all
/// work is bounded too. Beyond the total, allocation fails and with it the unpacking.
enum CappedAllocator {
  /// Bytes of heap for a message of so many bytes: a slab of small structures, and eight times what
  /// came, where honest messages need three.
  static func bytesMax(messageBytes: Int) -> Int { 8 * messageBytes + 65_536 }

  /// Lends the allocator; everything it gave must be freed by it before `body` returns.
  static func with<R>(
    bytes: Int, _ body: (UnsafeMutablePointer<ProtobufCAllocator>) throws(MessageError) -> R
  ) throws(MessageError) -> R {
    let left = UnsafeMutablePointer<Int>.allocate(capacity: 1)
    left.initialize(to: bytes)
    defer { left.deallocate() }
    var allocator = ProtobufCAllocator(
      alloc: { left, count in
        // A size beyond Int.max comes in negative.
        guard let left = left?.assumingMemoryBound(to: Int.self), count >= 0,
          count <= left.pointee
        else { return nil }
        left.pointee -= count
        return malloc(count)
      },
      free: { _, memory in free(memory) }, allocator_data: left)
    return try withUnsafeMutablePointer(to: &allocator, body)
  }
}
