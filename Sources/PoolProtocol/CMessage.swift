import CPoolProtos
import CProtobufC
import FramedRPC

/// How messages of libprotobuf-c are made and read: Swift values own the data, C structs live only
/// inside a closure.
enum CMessage {
  /// Nothing is allocated before the bytes have passed ``MessageScan``, and then no more than
  /// ``CappedAllocator`` gives.
  ///
  /// - Parameters:
  ///   - descriptor: `kalepool_message_…()`.
  ///   - unpack: `…__unpack`; gives nil for bytes that are not the message.
  ///   - free: `…__free_unpacked`.
  static func read<C, R>(
    _ bytes: [UInt8], max: Int, fieldsMax: Int = MessageLimits.fields,
    _ descriptor: UnsafePointer<ProtobufCMessageDescriptor>?,
    _ unpack: (UnsafeMutablePointer<ProtobufCAllocator>?, Int, UnsafePointer<UInt8>?) ->
      UnsafeMutablePointer<C>?,
    _ free: (UnsafeMutablePointer<C>?, UnsafeMutablePointer<ProtobufCAllocator>?) -> Void,
    _ body: (C) throws(MessageError) -> R
  ) throws(MessageError) -> R {
    guard let descriptor, descriptor.pointee.sizeof_message == MemoryLayout<C>.size else {
      preconditionFailure("the descriptor is another message's")
    }
    var name: String { String(cString: descriptor.pointee.short_name) }
    guard bytes.count <= max else {
      throw MessageError("\(name) of \(bytes.count) bytes, above its limit of \(max)")
    }
    do throws(MessageError) {
      try bytes.withUnsafeBufferPointer { (bytes) throws(MessageError) in
        try MessageScan.check(bytes, descriptor, fieldsMax: fieldsMax)
      }
    } catch {
      throw MessageError("these bytes are no \(name): \(error.message)")
    }
    let limit = CappedAllocator.bytesMax(messageBytes: bytes.count)
    return try CappedAllocator.with(bytes: limit) { (allocator) throws(MessageError) in
      guard let message = unpack(allocator, bytes.count, bytes) else {
        throw MessageError("these bytes are no \(name)")
      }
      defer { free(message, allocator) }
      return try body(message.pointee)
    }
  }

  /// The packed bytes of a message that borrows from its surroundings.
  static func pack<C>(
    _ message: inout C, _ size: (UnsafePointer<C>?) -> Int,
    _ pack: (UnsafePointer<C>?, UnsafeMutablePointer<UInt8>?) -> Int
  ) -> [UInt8] {
    let count = size(&message)
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, written in
      written = count == 0 ? 0 : pack(&message, buffer.baseAddress)
    }
  }
}

extension ProtobufCBinaryData {
  var array: [UInt8] {
    guard let data, len > 0 else { return [] }
    return Array(UnsafeBufferPointer(start: data, count: len))
  }
}
