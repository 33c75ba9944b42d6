extension API {
  /// Postings, oldest first.
  package struct StatementPage: Hashable, Sendable, Codable {
    package var rows: [StatementRow]
    /// Pass as `after` for the next page; nil at the end.
    package var next: Int64?

    package init(rows: [StatementRow], next: Int64? = nil) {
      self.rows = rows
      self.next = next
    }
  }
}
