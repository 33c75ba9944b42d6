extension API {
  /// Blocks, newest first.
  package struct BlockPage: Hashable, Sendable, Codable {
    package var rows: [BlockRow]
    /// Pass as `before` for the next page; nil at the end.
    package var next: UInt32?

    package init(rows: [BlockRow], next: UInt32? = nil) {
      self.rows = rows
      self.next = next
    }
  }
}
