package import FramedRPC

/// Protos/reflection.proto.
package enum Reflection {
  package static let describe = UnaryMethod<DescribeRequest, Description>(
    MethodInfo(
      id: 64, service: "Reflection", name: "Describe", kind: .unary,
      requestBytesMax: MessageLimits.small, responseBytesMax: MessageLimits.standard,
      isIdempotent: true, isOpenToPending: true))
}
