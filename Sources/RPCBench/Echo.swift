package import FramedRPC

/// A message as it is: what is measured is the wire, not protobuf.
extension [UInt8]: RPCMessage {
  package init(unpacking bytes: [UInt8]) throws(MessageError) { self = bytes }
  package func pack() -> [UInt8] { self }
}

/// Methods that give back what they are sent. Of the benchmark alone; no coordinator serves them.
enum Echo {
  static let call = UnaryMethod<[UInt8], [UInt8]>(info(65_001, "Call", .unary))
  static let stream = BidirectionalMethod<[UInt8], [UInt8]>(info(65_002, "Stream", .bidirectional))

  private static func info(_ id: UInt16, _ name: String, _ kind: CallKind) -> MethodInfo {
    MethodInfo(
      id: id, service: "bench.Echo", name: name, kind: kind, requestBytesMax: 4_096,
      responseBytesMax: 4_096)
  }
}
