import CPoolProtos
import CProtobufC
import FramedRPC

/// How messages of libprotobuf-c are made and read: Swift values own the data, C structs live only
/// inside a closure.
enum CMessage {
  /// - Parameters:
  ///   - unpack: `…__unpack`; gives nil for bytes that are not the message.
  ///   - free: `…__free_unpacked`.
  static func read<C, R>(
    _ bytes: [UInt8], max: Int, _ name: String,
    _ unpack: (UnsafeMutablePointer<ProtobufCAllocator>?, Int, UnsafePointer<UInt8>?) ->
      UnsafeMutablePointer<C>?,
    _ free: (UnsafeMutablePointer<C>?, UnsafeMutablePointer<ProtobufCAllocator>?) -> Void,
    _ body: (C) throws(MessageError) -> R
  ) throws(MessageError) -> R {
    guard bytes.count <= max else {
      throw MessageError("\(name) of \(bytes.count) bytes, above its limit of \(max)")
    }
    guard let message = unpack(nil, bytes.count, bytes) else {
      throw MessageError("these bytes are no \(name)")
    }
    defer { free(message, nil) }
    return try body(message.pointee)
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
