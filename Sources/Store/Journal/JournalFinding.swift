/// Something in the journal that is not as it was recorded.
package struct JournalFinding: Sendable, Hashable, Codable {
  package enum Kind: String, Sendable, Hashable, Codable {
    /// Rows of events or postings do not fit the link that covers them.
    case events
    /// The chain has a gap.
    case links
    /// A signature is wrong, or is of another key or another chain.
    case checkpoint
    /// The database ends before what this coordinator wrote, or holds another journal.
    case end
    /// Rows that no link covers.
    case unchained
    /// A table or a row cannot be read.
    case unreadable
  }

  package var kind: Kind
  /// Positions of the events it concerns.
  package var first: Int64
  package var last: Int64
  package var what: String

  init(_ kind: Kind, _ positions: ClosedRange<Int64>, _ what: String) {
    self.kind = kind
    first = positions.lowerBound
    last = positions.upperBound
    self.what = what
  }
}
