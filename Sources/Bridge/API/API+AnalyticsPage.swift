extension API {
  /// Block analytics, newest first.
  package struct AnalyticsPage: Hashable, Sendable, Codable {
    package var rows: [BlockAnalytics]
    /// Pass as `before` for the next page; nil at the end.
    package var next: UInt32?

    package init(rows: [BlockAnalytics], next: UInt32? = nil) {
      self.rows = rows
      self.next = next
    }
  }
}
