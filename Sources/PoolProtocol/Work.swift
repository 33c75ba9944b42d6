package import FramedRPC

/// Protos/work.proto.
package enum Work {
  package static let assignments = ServerStreamMethod<AssignmentsRequest, AssignmentSet>(
    MethodInfo(
      id: 16, service: "Work", name: "Assignments", kind: .serverStream,
      requestBytesMax: MessageLimits.small, responseBytesMax: MessageLimits.assignments,
      isIdempotent: true))

  package static let nonces = BidirectionalMethod<NonceReport, NonceAck>(
    MethodInfo(
      id: 17, service: "Work", name: "Nonces", kind: .bidirectional,
      requestBytesMax: MessageLimits.small, responseBytesMax: MessageLimits.small))
}
