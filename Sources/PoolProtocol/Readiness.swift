package import FramedRPC

/// Protos/readiness.proto.
package enum Readiness {
  package static let check = UnaryMethod<ReadinessRequest, ReadinessReply>(
    MethodInfo(
      id: 48, service: "Readiness", name: "Check", kind: .unary,
      requestBytesMax: MessageLimits.small, responseBytesMax: MessageLimits.small,
      isIdempotent: true, isOpenToPending: true))

  package static let watch = ServerStreamMethod<ReadinessRequest, ReadinessReply>(
    MethodInfo(
      id: 49, service: "Readiness", name: "Watch", kind: .serverStream,
      requestBytesMax: MessageLimits.small, responseBytesMax: MessageLimits.small,
      isIdempotent: true, isOpenToPending: true))
}
