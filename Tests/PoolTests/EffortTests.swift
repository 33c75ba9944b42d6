import Bytes
import Foundation
import KaleRules
import Testing

@testable import Pool

/// Whether a pooler that starves some of its farmers is found, and one that does not is left alone.
@Suite struct EffortTests {
  /// Zeros of 100 farmers after `hashes` for each on average, fewest zeros first.
  static func block(hashes: Int, _ random: inout SplitMix) -> [Int] {
    var zeros = Array(repeating: 0, count: 100)
    var left = Double(100 * hashes)
    for level in 0..<20 {
      for farmer in zeros.indices where zeros[farmer] == level {
        // Hashes until one has a zero more: exponential with mean 16^(level + 1).
        left += log(Double.random(in: 1e-12..<1, using: &random)) * pow(16, Double(level + 1))
        if left < 0 { return zeros }
        zeros[farmer] = level + 1
        while Int.random(in: 0..<16, using: &random) == 0 { zeros[farmer] += 1 }
      }
    }
    return zeros
  }

  /// In which block each flagged farmer of 100 was flagged first.
  static func flagged(blocks: Int, starved: Range<Int>, seed: UInt64) -> [FarmerID: Int] {
    var random = SplitMix(seed: seed)
    var efforts = Array(repeating: Effort(), count: 100)
    var first: [FarmerID: Int] = [:]
    for number in 0..<blocks {
      let order = Array(0..<100).shuffled(using: &random)
      // Who is served when is luck.
      var results = zip(order, block(hashes: 1 << 20, &random)).map {
        WorkResult(farmer: Int64($0), zeros: $1, gap: 50)
      }
      for farmer in starved {
        // A fifth of the hashes is 0.58 zeros less on average: one less in 58 of 100 blocks.
        let index = results.firstIndex { $0.farmer == Int64(farmer) }!
        let less = Int.random(in: 0..<100, using: &random) < 58 ? 1 : 0
        results[index] = WorkResult(
          farmer: Int64(farmer), zeros: max(0, results[index].zeros - less), gap: 50)
      }
      let (each, variance) = Effort.excesses(results)
      for (farmer, excess) in each { efforts[Int(farmer)].add(excess: excess, variance: variance) }
      for (farmer, effort) in efforts.enumerated() where effort.isStarved {
        first[Int64(farmer)] = first[Int64(farmer)] ?? number
      }
    }
    return first
  }

  @Test func aFairPoolerIsNeverFlagged() {
    for seed in UInt64(1)...5 {
      #expect(Self.flagged(blocks: 400, starved: 0..<0, seed: seed).isEmpty)
    }
  }

  @Test func starvedFarmersAreFoundWithinFiftyBlocks() {
    for seed in UInt64(1)...5 {
      let first = Self.flagged(blocks: 50, starved: 0..<5, seed: seed)
      #expect(Set(first.keys).isSubset(of: [0, 1, 2, 3, 4]))
      #expect(first.count >= 4, "seed \(seed): \(first)")
    }
  }

  @Test func fewFarmersTellNothing() {
    let results = (0..<4).map { WorkResult(farmer: $0, zeros: Int($0), gap: 1) }
    #expect(Effort.excesses(results).each.isEmpty)
  }
}
