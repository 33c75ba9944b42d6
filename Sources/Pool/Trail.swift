/// The events of one planting that prove what came of it, by their positions in the journal.
package struct Trail: Sendable, Hashable {
  package var plantRequest: Int64?
  package var planting: Int64?
  /// The first assignment, and the first that was acknowledged.
  package var assignment: Int64?
  package var delivery: Int64?
  /// The first verified nonce.
  package var nonce: Int64?
  /// The last try to hand over the work, and what came of it.
  package var workIntent: Int64?
  package var workOutcome: Int64?

  package init() {}

  /// As `key=#position` words, of what there is.
  package var words: [String] {
    [
      ("plant_request", plantRequest), ("planting", planting), ("assignment", assignment),
      ("delivery", delivery), ("nonce", nonce), ("work_intent", workIntent),
      ("work_outcome", workOutcome),
    ].compactMap { key, position in position.map { "\(key)=#\($0)" } }
  }
}
