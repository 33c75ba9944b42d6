import Bytes
import KaleRules
import Testing

/// The published figures of kale.md §5.
@Suite struct RewardTests {
  @Test(
    arguments: [
      (39_197, 25_050_000_000), (39_198, 23_797_500_000), (47_838, 22_607_625_000),
      (124_526, 14_998_360_327), (183_487, 10_473_914_397), (548_958, 1_154_048_464),
      (0, 25_050_000_000),
      (4_294_967_295, 0),
    ] as [(UInt32, Int128)])
  func pots(index: UInt32, pot: Int128) {
    #expect(KaleReward.pot(BlockIndex(index)) == pot)
  }

  @Test func emissionEndsAfter463Periods() {
    #expect(KaleReward.pot(BlockIndex(30_558 + 8_640 * 462)) > 0)
    #expect(KaleReward.pot(BlockIndex(30_558 + 8_640 * 463)) == 0)
  }

  /// One farmer against 40 others with gap 45, zeros 7, stake 10 KALE; in hundredths of a KALE.
  @Test(
    arguments: [
      (1, 7, 10, 1_091), (12, 7, 10, 1_435), (27, 7, 10, 1_947), (45, 7, 10, 2_555),
      (52, 7, 10, 2_789), (59, 7, 10, 2_789), (45, 0, 10, 1_709), (45, 6, 10, 2_133),
      (45, 9, 10, 3_387), (45, 14, 10, 3_387), (45, 7, 0, 2_344), (45, 7, 40, 3_180),
      (45, 7, 80, 4_002), (45, 7, 1_000, 4_002),
    ] as [(UInt32, UInt32, Int128, Int128)])
  func oneAgainstForty(gap: UInt32, zeros: UInt32, stake: Int128, hundredths: Int128) throws {
    let coin: Int128 = 10_000_000
    var block = FarmBlock(
      timestamp: 0, minGap: 2, maxGap: 52, minStake: 0, maxStake: 80 * coin, minZeros: 5,
      maxZeros: 9, entropy: .zero, stakedTotal: 0, normalizedTotal: 0)
    let mine = try KaleReward.normalized(gap: gap, stake: stake * coin, zeros: zeros, in: block)
    block.normalizedTotal =
      mine + 40 * (try KaleReward.normalized(gap: 45, stake: 10 * coin, zeros: 7, in: block))
    // Index 183,487 mints 1047.39 KALE.
    let reward = try KaleReward.reward(
      gap: gap, stake: stake * coin, zeros: zeros, in: block, index: 183_487)
    #expect((reward + coin / 200) / (coin / 100) == hundredths)
  }

  @Test func aBlockThatCannotBe() {
    var block = FarmBlock.fresh(at: 0).opened(at: 0)
    block.minGap = 1
    #expect(throws: FarmFailure.kale(.blockInvalid)) {
      try KaleReward.normalized(gap: 1, stake: 0, zeros: 0, in: block)
    }
  }

  @Test func overflowTraps() {
    var block = FarmBlock.fresh(at: 0).opened(at: 0)
    block.maxStake = .max
    block.minStake = -1
    #expect(throws: FarmFailure.trap) {
      try KaleReward.normalized(gap: 1, stake: 0, zeros: 0, in: block)
    }
    var full = FarmBlock.fresh(at: 0).opened(at: 0)
    full.stakedTotal = .max
    #expect(throws: FarmFailure.trap) {
      try KaleReward.reward(gap: 1, stake: 0, zeros: 0, in: full, index: 1)
    }
  }
}

@Suite struct MulFloorTests {
  @Test(
    arguments: [
      (7, 3, 2, 10), (-7, 3, 2, -11), (7, -3, 2, -11), (-7, -3, 2, 10), (7, 3, -2, -11),
      (-6, 1, 3, -2), (0, -5, 3, 0), (0, 5, -3, 0), (1, -1, 3, -1),
      (.max, .max, .max, .max), (.min, .min, .min, .min), (.max, 2, 2, .max), (.min, 1, 1, .min),
      (1 << 100, 1 << 100, 1 << 80, 1 << 120), (.min, .max, .max, .min),
      (-(1 << 100), (1 << 100) + 1, 1 << 90, -(1 << 110) - (1 << 10)),
    ] as [(Int128, Int128, Int128, Int128)])
  func floors(x: Int128, y: Int128, z: Int128, result: Int128) {
    #expect(mulFloor(x, y, z) == result)
  }

  @Test func whatDoesNotFit() {
    #expect(mulFloor(1, 1, 0) == nil)
    #expect(mulFloor(.max, 2, 1) == nil)
    #expect(mulFloor(.min, 1, -1) == nil)
    #expect(mulFloor(.min, 2, 1) == nil)
    #expect(mulFloor(.max, .max, 1) == nil)
  }

  /// q = floor(xy/z) is the one number with qz ≤ xy < (q+1)z, checked where no product overflows.
  @Test func againstSmallArithmetic() {
    var state: UInt64 = 7
    func next() -> Int128 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int128(Int32(truncatingIfNeeded: state >> 32))
    }
    for _ in 0..<10_000 {
      let (x, y) = (next(), next())
      let z = max(1, abs(next()))
      let product = x * y
      let floor = product >= 0 ? product / z : -((-product + z - 1) / z)
      #expect(mulFloor(x, y, z) == floor)
    }
  }
}
