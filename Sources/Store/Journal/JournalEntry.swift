package import Pool

/// An event to be recorded, with what it moves in the books.
package struct JournalEntry: Sendable {
  package var event: any PoolEvent
  package var postings: [Posting]

  package init(event: any PoolEvent, postings: [Posting] = []) {
    self.event = event
    self.postings = postings
  }

  /// Whether the postings sum to zero for each asset.
  var isBalanced: Bool {
    var sums: [BookAsset: Int128] = [:]
    for posting in postings { sums[posting.asset, default: 0] += Int128(posting.amount) }
    return sums.values.allSatisfy { $0 == 0 }
  }
}
