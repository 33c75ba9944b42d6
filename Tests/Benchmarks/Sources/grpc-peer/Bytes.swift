import GRPCCore

/// Messages as they are: no protobuf, as in the pool's own benchmark.
struct BytesCoder: MessageSerializer, MessageDeserializer {
  func serialize<Bytes: GRPCContiguousBytes>(_ message: [UInt8]) throws -> Bytes { Bytes(message) }

  func deserialize<Bytes: GRPCContiguousBytes>(_ bytes: Bytes) throws -> [UInt8] {
    bytes.withUnsafeBytes { Array($0) }
  }
}

extension MethodDescriptor {
  static let call = MethodDescriptor(fullyQualifiedService: "bench.Echo", method: "Call")
  static let stream = MethodDescriptor(fullyQualifiedService: "bench.Echo", method: "Stream")
}
