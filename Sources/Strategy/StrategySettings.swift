/// A comparison's size. Everything else follows from the seed.
package struct StrategySettings: Sendable {
  /// Blocks that count; one more is played before them, for there are no ranges in a farm's first.
  package var blocks = 200
  package var farmers = 10
  package var outsideFarmers = 20
  /// Hashes that the pool's machines try for each farmer in a block, were all its time used.
  package var hashesEach: UInt64 = 100_000
  /// Zeros that outside farmers show, drawn evenly: about what so many hashes find.
  package var outsideZeros: ClosedRange<UInt32> = 2...5
  /// Outside farmers who work at once. They make the range of gaps the public network's.
  package var hastyFarmers = 2
  /// Of a hundred thousand transactions so many land a ledger late or later; of those a quarter two
  /// late or later, and so on. Source of the 7 %: kale.md §8.2.
  package var latePerHundredThousand: UInt64 = 7_000
  package var seed: UInt64 = 1

  package init() {}
}

/// How farmers of ours are played.
package enum StrategyPolicy: String, Sendable, CaseIterable {
  /// As the pool does it.
  case pool
  /// Hashing shared equally, work handed over when 60 % of the block are over.
  case plain
}
