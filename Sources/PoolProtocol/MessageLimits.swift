/// Largest messages in bytes, checked before anything is unpacked: libprotobuf-c allocates up to 77
/// times a message's size.
package enum MessageLimits {
  /// Reports, nonces and their answers: a few numbers.
  package static let small = 4_096
  package static let standard = 65_536
  package static let assignments = 524_288
  /// So many assignments of the largest encoding fit into ``assignments``.
  package static let assignmentsPerSet = 6_000
}
