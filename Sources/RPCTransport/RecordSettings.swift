import SecureChannel

/// How one end makes its records.
package struct RecordSettings: Sendable {
  /// Hide record lengths: costs bytes, not time.
  package var padding = true
  /// The counter at which a direction's key is exchanged. What waits before REKEY takes a record or
  /// two more; lower only in tests.
  package var rekeyAt = RecordLimits.counterEnd - 64

  package init(padding: Bool = true) { self.padding = padding }
}
