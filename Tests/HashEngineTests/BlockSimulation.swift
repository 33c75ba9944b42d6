import Bytes
import Foundation
import HashEngine

/// Whole blocks on the real ``Schedule``, with drawn results instead of hashes: threads that work at the
/// same speed, each taking portions until the hashes are spent.
struct BlockSimulation {
  var farmers: Int
  var threads: Int
  /// Hashes of all threads together in a block.
  var hashes: UInt64
  /// Nonces of a portion at most, and of a group, at whose end a kernel stops.
  var portion: UInt64
  var group: UInt64 = 8
  /// One in so many nonces has at least `zeros` zeros.
  private static func rarity(_ zeros: Int) -> Double { pow(16, Double(zeros)) }

  /// The mean zeros of the farmers at the end of one block.
  func meanZeros(using random: inout some RandomNumberGenerator) -> Double {
    var schedule = Schedule(threads: threads)
    schedule.update(
      (0..<UInt64(farmers)).map {
        HashJob(id: $0, block: 1, entropy: .zero, farmer: .zero, maxZeros: 64)
      })
    // A thread's time is the hashes it has made; the one that is done first goes on.
    var times = [UInt64](repeating: 0, count: threads)
    var results = [(portion: Portion, tried: UInt64, zeros: Int?)?](repeating: nil, count: threads)
    let end = hashes / UInt64(threads)
    let now = ContinuousClock.now
    while true {
      var thread = 0
      for other in times.indices where times[other] < times[thread] { thread = other }
      if times[thread] >= end { break }
      if let (portion, tried, zeros) = results[thread] {
        _ = schedule.complete(portion, tried: tried, zeros: zeros)
        results[thread] = nil
      }
      guard let taken = schedule.take(limit: min(portion, end - times[thread]), now: now) else {
        times[thread] += group  // looks again a moment later
        continue
      }
      let (tried, zeros) = draw(taken, using: &random)
      results[thread] = (taken, tried, zeros)
      times[thread] += tried
    }
    for case (let portion, let tried, let zeros)? in results {
      _ = schedule.complete(portion, tried: tried, zeros: zeros)
    }
    let sum = schedule.standings.reduce(0) { $0 + ($1.zeros ?? 0) }
    return Double(sum) / Double(farmers)
  }

  /// What a kernel would find in a portion.
  private func draw(
    _ portion: Portion, using random: inout some RandomNumberGenerator
  ) -> (tried: UInt64, zeros: Int?) {
    let needed = Self.drawnTries(for: portion.zeros, using: &random)
    if needed > Double(portion.count) { return (portion.count, nil) }
    let groups = (UInt64(needed) + group - 1) / group
    let zeros = Self.drawnZeros(from: portion.zeros, using: &random)
    return (min(groups * group, portion.count), zeros)
  }

  /// How many nonces it takes until one has `zeros` zeros or more.
  static func drawnTries(
    for zeros: Int, using random: inout some RandomNumberGenerator
  ) -> Double {
    if zeros == 0 { return 1 }
    let uniform = 1 - Double.random(in: 0..<1, using: &random)
    return max(1, (log(uniform) / log1p(-1 / rarity(zeros))).rounded(.up))
  }

  /// The zeros of a nonce that is known to have `zeros` or more.
  static func drawnZeros(
    from zeros: Int, using random: inout some RandomNumberGenerator
  ) -> Int {
    var drawn = zeros
    while drawn < 64 && UInt8.random(in: 0..<16, using: &random) == 0 { drawn += 1 }
    return drawn
  }

  // MARK: What to expect

  /// The mean by the bare rule without portions, threads or a schedule: the farmer with the fewest zeros
  /// gets hashes until it has more.
  static func bareRule(
    farmers: Int, hashes: UInt64, using random: inout some RandomNumberGenerator
  ) -> Double {
    var zeros = [Int](repeating: -1, count: farmers)
    var left = Double(hashes)
    while true {
      var lowest = 0
      for other in zeros.indices where zeros[other] < zeros[lowest] { lowest = other }
      left -= drawnTries(for: zeros[lowest] + 1, using: &random)
      if left < 0 { break }
      zeros[lowest] = drawnZeros(from: zeros[lowest] + 1, using: &random)
    }
    return Double(zeros.reduce(0) { $0 + max($1, 0) }) / Double(farmers)
  }
}
