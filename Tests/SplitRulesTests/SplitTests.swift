import Bytes
import Foundation
import SplitRules
import Testing

@Suite struct SplitTests {
  struct Row: Sendable {
    let amount, rewards, loss: Int128
    let share: UInt32
    let split: Split
  }

  /// The rule by hand.
  static let rows: [Row] = [
    // Nothing earned, nothing lost: a deposit comes back whole.
    Row(
      amount: 700, rewards: 0, loss: 0, share: 5_000,
      split: Split(gross: 0, due: 0, poolerNet: 0, farmerNet: 700, debt: 0, shortfall: 0)),
    // 1,000 of principal and 501 of rewards: the odd stroop is the farmer's.
    Row(
      amount: 1_501, rewards: 501, loss: 0, share: 5_000,
      split: Split(gross: 250, due: 250, poolerNet: 250, farmerNet: 1_251, debt: 0, shortfall: 0)),
    // A loss within the pooler's share is netted.
    Row(
      amount: 1_400, rewards: 500, loss: 100, share: 5_000,
      split: Split(gross: 250, due: 150, poolerNet: 150, farmerNet: 1_250, debt: 0, shortfall: 0)),
    // A loss beyond it is a debt.
    Row(
      amount: 1_200, rewards: 500, loss: 300, share: 5_000,
      split: Split(gross: 250, due: 0, poolerNet: 0, farmerNet: 1_200, debt: 50, shortfall: 0)),
    // The farmer bore losses: the wallet holds less than the pooler's due.
    Row(
      amount: 100, rewards: 500, loss: 0, share: 5_000,
      split: Split(gross: 250, due: 250, poolerNet: 100, farmerNet: 0, debt: 0, shortfall: 150)),
    // All or nothing of the rewards.
    Row(
      amount: 10, rewards: 10, loss: 0, share: 10_000,
      split: Split(gross: 10, due: 10, poolerNet: 10, farmerNet: 0, debt: 0, shortfall: 0)),
    Row(
      amount: 10, rewards: 10, loss: 3, share: 0,
      split: Split(gross: 0, due: 0, poolerNet: 0, farmerNet: 10, debt: 3, shortfall: 0)),
    // The largest numbers there are do not trap.
    Row(
      amount: .max, rewards: .max, loss: .max, share: 10_000,
      split: Split(
        gross: .max, due: 0, poolerNet: 0, farmerNet: .max, debt: 0, shortfall: 0)),
  ]

  @Test(arguments: rows) func byHand(row: Row) throws {
    let result = try split(
      amount: row.amount, rewards: row.rewards, loss: row.loss, shareBps: row.share)
    #expect(result == row.split)
  }

  @Test func everySmallInput() throws {
    for rewards in Int128(0)..<30 {
      for loss in Int128(0)..<30 {
        for amount in Int128(0)..<30 {
          for share: UInt32 in [0, 1, 3_333, 5_000, 6_667, 9_999, 10_000] {
            try check(amount, rewards, loss, share)
          }
        }
      }
    }
  }

  /// Requirements, "Split rule": R and L in 0 ... 119 at one half, with the wallet that follows.
  @Test func withoutDebtALossCostsTheFarmerNothing() throws {
    let principal: Int128 = 500
    for rewards in Int128(0)...119 {
      for loss in Int128(0)...119 {
        let amount = principal + rewards - loss
        let result = try split(amount: amount, rewards: rewards, loss: loss, shareBps: 5_000)
        #expect(result.farmerNet + result.debt == principal + rewards - result.gross)
      }
    }
  }

  /// Every reward and loss up to 300 with the wallets around the edges (reliability.md, S5).
  @Test func everyRewardAndLossTo300() throws {
    for rewards in Int128(0)...300 {
      for loss in Int128(0)...300 {
        for share: UInt32 in [3_333, 5_000, 10_000] {
          let due = max(0, rewards * Int128(share) / 10_000 - loss)
          for amount in [0, 1, max(0, due - 1), due, due + 1, rewards + 500] {
            try check(amount, rewards, loss, share)
          }
        }
      }
    }
  }

  /// `KALEPOOL_SPLIT_CASES` asks for more than usual: 10,000,000 take some seconds in a release
  /// build.
  static let cases =
    ProcessInfo.processInfo.environment["KALEPOOL_SPLIT_CASES"].flatMap { Int($0) } ?? 100_000

  @Test func randomLargeInputs() throws {
    var generator = SplitMix(seed: 20_261_123)
    for _ in 0..<Self.cases {
      let bits = (0..<3).map { _ in Int128(1) << Int128(generator.next() % 120) }
      try check(
        Int128.random(in: 0...bits[0], using: &generator),
        Int128.random(in: 0...bits[1], using: &generator),
        Int128.random(in: 0...bits[2], using: &generator),
        UInt32.random(in: 0...10_000, using: &generator))
    }
  }

  @Test func badInput() throws {
    #expect(throws: SplitError.negativeAmount) {
      try split(amount: -1, rewards: 0, loss: 0, shareBps: 0)
    }
    #expect(throws: SplitError.negativeRewards) {
      try split(amount: 0, rewards: -1, loss: 0, shareBps: 0)
    }
    #expect(throws: SplitError.negativeLoss) {
      try split(amount: 0, rewards: 0, loss: -1, shareBps: 0)
    }
    #expect(throws: SplitError.shareTooLarge) {
      try split(amount: 0, rewards: 0, loss: 0, shareBps: 10_001)
    }
  }

  @Test func heldPartOfThePoolersNet() throws {
    let result = try split(amount: 1_000, rewards: 600, loss: 0, shareBps: 5_000)
    #expect(try result.payments(held: 0) == .init(toPooler: 300, toBond: 0, toFarmer: 700))
    #expect(try result.payments(held: 120) == .init(toPooler: 180, toBond: 120, toFarmer: 700))
    #expect(try result.payments(held: 300) == .init(toPooler: 0, toBond: 300, toFarmer: 700))
    #expect(throws: SplitError.heldOutOfRange) { try result.payments(held: 301) }
    #expect(throws: SplitError.heldOutOfRange) { try result.payments(held: -1) }
  }

  /// Conservation, and the rule written another way.
  private func check(_ amount: Int128, _ rewards: Int128, _ loss: Int128, _ share: UInt32) throws {
    let result = try split(amount: amount, rewards: rewards, loss: loss, shareBps: share)
    let isRight =
      result.poolerNet + result.farmerNet == amount && result.poolerNet >= 0
      && result.farmerNet >= 0 && result.debt >= 0 && result.shortfall >= 0
      && result.gross - loss == result.due - result.debt && min(result.due, result.debt) == 0
      && result.poolerNet + result.shortfall == result.due
      && min(result.shortfall, result.farmerNet) == 0
      && isFloor(result.gross, of: rewards, share)
      && isNoWorse(result, amount, loss)
    if !isRight {
      Issue.record("B \(amount) R \(rewards) L \(loss) s \(share) gives \(result)")
    }
  }

  /// With the debt paid the farmer has at least what they would have had without the loss.
  private func isNoWorse(_ result: Split, _ amount: Int128, _ loss: Int128) -> Bool {
    let without = amount + loss
    return result.farmerNet + result.debt >= without - min(result.gross, without)
  }

  /// gross · 10000 ≤ R · s < (gross + 1) · 10000, in 256 bits.
  private func isFloor(_ gross: Int128, of rewards: Int128, _ share: UInt32) -> Bool {
    let product = rewards.magnitude.multipliedFullWidth(by: UInt128(share))
    let low = gross.magnitude.multipliedFullWidth(by: 10_000)
    let high = (gross + 1).magnitude.multipliedFullWidth(by: 10_000)
    return (low.high, low.low) <= (product.high, product.low)
      && (product.high, product.low) < (high.high, high.low)
  }
}
