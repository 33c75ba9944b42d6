package import FramedRPC

/// Protos/health.proto.
package enum Health {
  package static let report = UnaryMethod<HealthReport, HealthReply>(
    MethodInfo(
      id: 32, service: "Health", name: "Report", kind: .unary,
      requestBytesMax: MessageLimits.small, responseBytesMax: MessageLimits.small,
      isIdempotent: true))

  package static let capacity = UnaryMethod<CapacityReport, CapacityReply>(
    MethodInfo(
      id: 33, service: "Health", name: "Capacity", kind: .unary,
      requestBytesMax: MessageLimits.small, responseBytesMax: MessageLimits.small,
      isIdempotent: true))
}
