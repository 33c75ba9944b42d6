package import FramedRPC

/// Protos/control.proto.
package enum Control {
  package static let plant = UnaryMethod<PlantRequest, PlantReply>(
    MethodInfo(
      id: 1, service: "Control", name: "Plant", kind: .unary,
      requestBytesMax: MessageLimits.small, responseBytesMax: MessageLimits.small,
      isIdempotent: true))

  package static let facts = ServerStreamMethod<FactsRequest, FarmFacts>(
    MethodInfo(
      id: 2, service: "Control", name: "Facts", kind: .serverStream,
      requestBytesMax: MessageLimits.small, responseBytesMax: MessageLimits.small,
      isIdempotent: true, isOpenToPending: true))

  package static let rotateKey = UnaryMethod<RotateKeyRequest, RotateKeyReply>(
    MethodInfo(
      id: 3, service: "Control", name: "RotateKey", kind: .unary,
      requestBytesMax: MessageLimits.small, responseBytesMax: MessageLimits.small))

  package static let serverKeys = UnaryMethod<ServerKeysRequest, ServerKeysReply>(
    MethodInfo(
      id: 4, service: "Control", name: "ServerKeys", kind: .unary,
      requestBytesMax: MessageLimits.small, responseBytesMax: MessageLimits.small,
      isIdempotent: true, isOpenToPending: true))
}
