import FramedRPC
import RPCBench
import RPCTransport

/// Methods with messages as large as they may be.
enum Blobs {
  static let bytesMax = 524_288
  /// Each message comes back.
  static let echo = BidirectionalMethod<[UInt8], [UInt8]>(info(71, "Echo", .bidirectional))
  /// Large messages without end.
  static let flood = ServerStreamMethod<[UInt8], [UInt8]>(info(72, "Flood", .serverStream))

  private static func info(_ id: UInt16, _ name: String, _ kind: CallKind) -> MethodInfo {
    MethodInfo(
      id: id, service: "Blobs", name: name, kind: kind, requestBytesMax: bytesMax,
      responseBytesMax: bytesMax)
  }

  static func blob(_ number: Int) -> [UInt8] {
    [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: bytesMax)
  }
}

extension RPCServices {
  static var blobs: RPCServices {
    var services = RPCServices()
    services.handle(Blobs.echo) { blobs, writer, _ in
      for try await blob in blobs { try await writer.write(blob) }
    }
    services.handle(Blobs.flood) { _, writer, _ in
      for number in 0... { try await writer.write(Blobs.blob(number)) }
    }
    return services
  }
}
