/// What a message may cost, checked before anything is unpacked: libprotobuf-c allocates up to 77
/// times a message's size. Source: PROTOCOL.md, "Messages".
package enum MessageLimits {
  // Largest messages in bytes.

  /// Reports, nonces and their answers: a few numbers.
  package static let small = 4_096
  package static let standard = 65_536
  package static let assignments = 524_288

  /// So many assignments of the largest encoding fit into ``assignments``.
  package static let assignmentsPerSet = 6_000

  // Contents.

  /// Messages within messages; ours go two deep.
  static let depth = 8
  /// Fields and elements of packed fields in the whole message.
  static let fields = 20_000
  /// A full set has seven for each assignment and the one that holds them, and its own five.
  static let assignmentFields = 8 * assignmentsPerSet + 100
  /// Room for a later version's fields; libprotobuf-c keeps a copy of each.
  static let unknownFields = 64
}
