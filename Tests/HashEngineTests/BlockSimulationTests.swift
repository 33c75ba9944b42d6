import Bytes
import HashEngine
import Testing

/// The mean zeros reached, over many simulated blocks, against what theory says.
@Suite struct BlockSimulationTests {
  static func mean(
    _ simulation: BlockSimulation, blocks: Int, seed: UInt64
  ) -> Double {
    var random = SplitMix(seed: seed)
    let sum = (0..<blocks).reduce(0.0) { sum, _ in sum + simulation.meanZeros(using: &random) }
    return sum / Double(blocks)
  }

  // Unoptimized code takes 20 times as long; a block's mean scatters by only 0.015 with 1,000 farmers.
  #if DEBUG
    static let blocksOfThousand = 20
  #else
    static let blocksOfThousand = 200
  #endif

  /// 100 farmers, 200 blocks; 1,000 farmers.
  @Test(arguments: [
    (100, 1, 20_000.0), (100, 2, 12_000_000), (1_000, 1, 300_000), (1_000, 2, 20_000),
  ])
  func manyFarmers(farmers: Int, threads: Int, hashesPerFarmer: Double) {
    let hashes = UInt64(hashesPerFarmer) * UInt64(farmers)
    let simulation = BlockSimulation(
      farmers: farmers, threads: threads, hashes: hashes, portion: hashes / 1_000)
    let mean = Self.mean(simulation, blocks: farmers < 1_000 ? 200 : Self.blocksOfThousand, seed: 1)
    let expected = ExpectedZeros.lowestFirst(hashesEach: hashesPerFarmer)
    #expect(abs(mean - expected) < 0.05, "\(mean) of \(expected)")
  }

  /// One farmer: 2,000 blocks and more, since one block's result scatters by 0.5.
  @Test(arguments: [1, 2])
  func oneFarmer(threads: Int) {
    for hashes in [UInt64(50_000), 1_200_000_000] {
      let simulation = BlockSimulation(
        farmers: 1, threads: threads, hashes: hashes, portion: hashes / 50)
      let mean = Self.mean(simulation, blocks: 2_000, seed: 2)
      let expected = ExpectedZeros.alone(hashes: Double(hashes))
      #expect(abs(mean - expected) < 0.05, "\(mean) of \(expected)")
    }
  }

  /// Ten farmers: the formula for many is up to 0.08 too high; the bare rule is exact.
  @Test(arguments: [(1, 30_000.0), (2, 500_000)])
  func tenFarmers(threads: Int, hashesPerFarmer: Double) {
    let hashes = UInt64(hashesPerFarmer) * 10
    let simulation = BlockSimulation(
      farmers: 10, threads: threads, hashes: hashes, portion: hashes / 100)
    let mean = Self.mean(simulation, blocks: 2_000, seed: 3)
    let formula = ExpectedZeros.lowestFirst(hashesEach: hashesPerFarmer)
    #expect(mean < formula + 0.05 && mean > formula - 0.08 - 0.05, "\(mean) of \(formula)")
    var random = SplitMix(seed: 4)
    let bare =
      (0..<2_000).reduce(0.0) { sum, _ in
        sum + BlockSimulation.bareRule(farmers: 10, hashes: hashes, using: &random)
      } / 2_000
    #expect(abs(mean - bare) < 0.05, "\(mean) of \(bare)")
  }
}
