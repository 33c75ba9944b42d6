import Bytes
import KaleRules
import Testing

@Suite struct HandOverTests {
  /// As on mainnet: gap 2…53, zeros 5…10, stakes up to 20 KALE.
  static let ranges = PartRanges(gap: 2...53, zeros: 5...10, stake: 0...200_000_000)

  @Test func partsRunFromLeastToMost() {
    let ranges = Self.ranges
    #expect([1, 2, 53, 60].map { ranges.part(gap: $0) } == [0, 0, 1_000_000, 1_000_000])
    #expect(ranges.part(zeros: 6) == 200_000)
    #expect(ranges.part(stake: 50_000_000) == 250_000)
    let flat = PartRanges(gap: 7...7, zeros: 0...0, stake: 0...0)
    #expect(flat.part(gap: 7) == 0 && flat.part(zeros: 3) == 0 && flat.part(stake: 5) == 0)
  }

  /// The same parts as the contract counts, but for its least part of 1.
  @Test func partsAreTheContracts() throws {
    let block = FarmBlock(
      timestamp: 0, minGap: 2, maxGap: 53, minStake: 0, maxStake: 200_000_000, minZeros: 5,
      maxZeros: 10, entropy: .zero, stakedTotal: 0, normalizedTotal: 600_000_000)
    let ranges = PartRanges(block)
    #expect(ranges == Self.ranges)
    let counted = try KaleReward.normalized(gap: 30, stake: 70_000_000, zeros: 7, in: block)
    let planned = ranges.part(gap: 30) + ranges.part(stake: 70_000_000) + ranges.part(zeros: 7)
    #expect(abs(Int64(counted / 200) - planned) <= 2)
    #expect(PartRanges.total(of: block) == 3_000_000)
  }

  /// kale.md §8.2: with rest of about 1 and 7 % late it is 3 to 4 ledgers before the last sure one.
  @Test func anOrdinaryWorkIsHandedOverAFewLedgersBeforeTheEnd() {
    let plan = HandOver(ranges: Self.ranges, odds: .prior, rest: 1_000_000)
    // Ledgers of 5.9 s: 51 to a block.
    let (wait, value) = plan.best(gap: 0, left: 51)
    #expect((3...4).contains(51 - wait))
    #expect(value > 1_850_000 && value < 2_000_000)
    #expect(!plan.isDue(gap: wait - 1, left: 52 - wait))
    #expect(plan.isDue(gap: wait, left: 51 - wait))
  }

  @Test func whoHasMoreToLoseIsEarlier() {
    let lefts = [Int64]([0, 1, 100, 10_000]).map { parts in
      let plan = HandOver(ranges: Self.ranges, odds: .prior, rest: parts * 1_000_000)
      return 51 - plan.best(gap: 0, left: 51).wait
    }
    #expect(lefts == lefts.sorted() && lefts.first! < lefts.last!)
    #expect(lefts.last == 7)  // where the prior's last chance still lies inside the block
  }

  /// However little there is to lose, no more than so many are late: of the prior, 3 in a thousand come
  /// later than four ledgers after, 1 later than five.
  @Test(arguments: [(1_000_000, 2), (2_999, 5), (1_000, 5), (999, 6), (0, 7)] as [(Int64, Int64)])
  func noMoreAreLateThanAllowed(lateMax: Int64, left: Int64) {
    let plan = HandOver(ranges: Self.ranges, odds: .prior, rest: 0, lateMax: lateMax)
    let (wait, _) = plan.best(gap: 0, left: 51)
    #expect(51 - wait == left)
    #expect(plan.isDue(gap: wait, left: left) && !plan.isDue(gap: wait - 1, left: left + 1))
  }

  @Test func aSlowNetworkIsAllowedFor() {
    let slow = LandingOdds(measured: [0.2, 0.2, 0.2, 0.2, 0.2])
    let plan = HandOver(ranges: Self.ranges, odds: slow, rest: 1_000_000)
    #expect(51 - plan.best(gap: 0, left: 51).wait >= 5)
  }

  /// The best wait found is the best of all waits.
  @Test func noOtherLedgerIsBetter() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<300 {
      let least = Int64.random(in: 0...30, using: &random)
      let ranges = PartRanges(
        gap: least...(least + Int64.random(in: 0...60, using: &random)), zeros: 0...9,
        stake: 0...1)
      let odds = LandingOdds(
        measured: (0..<Int.random(in: 0...16, using: &random)).map { _ in
          Double.random(in: 0...0.3, using: &random)
        })
      let plan = HandOver(
        ranges: ranges, odds: odds, rest: Int64.random(in: 0...5_000_000, using: &random))
      let left = Int64.random(in: 1...60, using: &random)
      let gap = Int64.random(in: 0...40, using: &random)
      let best = plan.best(gap: gap, left: left)
      for wait in 0..<left {
        #expect(plan.value(gap: gap + wait, left: left - wait) <= best.value)
      }
      #expect(plan.isDue(gap: gap, left: left) == (best.wait == 0 || left == 1))
    }
  }

  /// Beyond the greatest gap nothing is to be had: no risk is taken for it.
  @Test func theGreatestGapIsEnough() {
    let plan = HandOver(ranges: Self.ranges, odds: .prior, rest: 1_000_000)
    let (wait, value) = plan.best(gap: 0, left: 59)
    #expect(wait == 52 && value == 2_000_000)
  }

  @Test func whereGapEarnsNothingTimeIsForZeros() {
    let flat = PartRanges(gap: 9...9, zeros: 0...9, stake: 0...1)
    let plan = HandOver(ranges: flat, odds: .prior, rest: 500_000)
    #expect(59 - plan.best(gap: 0, left: 59).wait == 7)
  }

  @Test func oddsAreMeasuredWithCaution() {
    #expect(LandingOdds(measured: []) == .prior)
    #expect(LandingOdds(measured: [0, .nan]) == .prior)
    let sure = LandingOdds(measured: [1])
    #expect(sure.chances.first == 993_000 && sure.chances[1] == 5_000)
    let all = LandingOdds(measured: Array(repeating: 9, count: 100))
    #expect(all.chances.count == LandingOdds.ledgersMax)
    #expect(all.landing(within: 100) <= LandingOdds.certain)
    #expect(LandingOdds.prior.landing(within: 2) == 980_000)
    #expect(LandingOdds.prior.landing(within: -1) == 0)
  }
}
