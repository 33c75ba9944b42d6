import Bytes
import HashEngine
import Testing

/// The decisions alone: one portion after the other, without threads and hashes.
@Suite struct ScheduleTests {
  static let now = ContinuousClock.now

  static func job(
    _ id: UInt64, nonces: ClosedRange<UInt64> = 0...UInt64.max, maxZeros: Int = 9,
    bestZeros: Int? = nil, deadline: ContinuousClock.Instant? = nil
  ) -> HashJob {
    HashJob(
      id: id, block: 1, entropy: .zero, farmer: .zero, nonces: nonces, maxZeros: maxZeros,
      bestZeros: bestZeros, deadline: deadline)
  }

  static func schedule(threads: Int = 2, _ jobs: [HashJob]) -> Schedule {
    var schedule = Schedule(threads: threads)
    schedule.update(jobs)
    return schedule
  }

  static func take(
    _ schedule: inout Schedule, _ limit: UInt64, at now: ContinuousClock.Instant = Self.now
  ) throws -> Portion {
    let portion = schedule.take(limit: limit, now: now)
    return try #require(portion)
  }

  static func isIdle(
    _ schedule: inout Schedule, at now: ContinuousClock.Instant = Self.now
  ) -> Bool {
    schedule.take(limit: 10, now: now) == nil
  }

  @Test func everyFarmerGetsAFirstNonceBeforeAnyImprovement() throws {
    var schedule = Self.schedule((1...5).map { Self.job($0) })
    var order: [UInt64] = []
    for _ in 0..<5 {
      let portion = try Self.take(&schedule, 100)
      #expect(portion.zeros == 0)
      order.append(portion.jobID)
      let isTold = schedule.complete(portion, tried: 1, zeros: 0)
      #expect(isTold)
    }
    #expect(order == [1, 2, 3, 4, 5])
    let next = try Self.take(&schedule, 100)
    #expect(next.zeros == 1)
  }

  @Test func aFirstNonceIsLookedForByOneThreadAlone() throws {
    var schedule = Self.schedule([Self.job(1)])
    let portion = try Self.take(&schedule, 100)
    #expect(Self.isIdle(&schedule))
    _ = schedule.complete(portion, tried: 1, zeros: 0)
    _ = try Self.take(&schedule, 100)
  }

  @Test func fewestZerosFirst() throws {
    var schedule = Self.schedule([
      Self.job(1, bestZeros: 4), Self.job(2, bestZeros: 2), Self.job(3, bestZeros: 3),
    ])
    let portion = try Self.take(&schedule, 10)
    #expect(portion.jobID == 2)
    #expect(portion.zeros == 3)
    // It jumps over the others, and they come next.
    _ = schedule.complete(portion, tried: 5, zeros: 6)
    let next = try Self.take(&schedule, 10)
    #expect(next.jobID == 3)
  }

  @Test func equalsTakeTurns() throws {
    var schedule = Self.schedule((1...3).map { Self.job($0, bestZeros: 2) })
    var order: [UInt64] = []
    for _ in 0..<6 {
      let portion = try Self.take(&schedule, 10)
      order.append(portion.jobID)
      _ = schedule.complete(portion, tried: 10, zeros: nil)
    }
    #expect(order == [1, 2, 3, 1, 2, 3])
  }

  @Test func noNonceTwiceAndNoneForgotten() throws {
    // Portions come back in any order, many of them cut short by a find.
    for seed in UInt64(0)..<200 {
      var random = SplitMix(seed: seed)
      let nonces = UInt64.max - 300...UInt64.max
      var schedule = Self.schedule(threads: 4, [Self.job(1, nonces: nonces, maxZeros: 64)])
      var seen = [Int](repeating: 0, count: 301)
      var underWay: [Portion] = []
      var best = 0
      while true {
        let portion =
          underWay.count < 4
          ? schedule.take(limit: .random(in: 1...20, using: &random), now: Self.now) : nil
        if let portion { underWay.append(portion) }
        if underWay.isEmpty { break }
        if portion != nil && Bool.random(using: &random) { continue }
        let back = underWay.remove(at: .random(in: underWay.indices, using: &random))
        let isCut = Bool.random(using: &random) && best < 60
        let tried = isCut ? UInt64.random(in: 1...back.count, using: &random) : back.count
        if isCut { best += 1 }
        for offset in 0..<tried { seen[Int(back.first - nonces.lowerBound + offset)] += 1 }
        _ = schedule.complete(back, tried: tried, zeros: isCut ? best : nil)
      }
      #expect(seen.allSatisfy { $0 == 1 }, "seed \(seed)")
      let ends = schedule.takeEnds()
      #expect(ends == [JobEnd(jobID: 1, reason: .exhausted, hashes: 301)], "seed \(seed)")
    }
  }

  @Test func stopsAtMaxZerosAndGoesOnWhenItRises() throws {
    var schedule = Self.schedule([Self.job(1, maxZeros: 3)])
    let portion = try Self.take(&schedule, 10)
    let isTold = schedule.complete(portion, tried: 1, zeros: 3)
    #expect(isTold)
    #expect(Self.isIdle(&schedule))
    let first = schedule.takeEnds()
    #expect(first == [JobEnd(jobID: 1, reason: .reachedMaxZeros, hashes: 1)])
    schedule.update([Self.job(1, maxZeros: 4)])
    let more = try Self.take(&schedule, 10)
    #expect(more.first == 1)
    #expect(more.zeros == 4)
    _ = schedule.complete(more, tried: 10, zeros: 5)
    let second = schedule.takeEnds()
    #expect(second == [JobEnd(jobID: 1, reason: .reachedMaxZeros, hashes: 11)])
  }

  @Test func maxZerosOfZeroStillGetsANonce() throws {
    var schedule = Self.schedule([Self.job(1, maxZeros: 0)])
    let portion = try Self.take(&schedule, 10)
    let isTold = schedule.complete(portion, tried: 1, zeros: 0)
    #expect(isTold)
    #expect(Self.isIdle(&schedule))
  }

  @Test func zerosFoundElsewhereCount() throws {
    var schedule = Self.schedule([Self.job(1)])
    let portion = try Self.take(&schedule, 10)
    schedule.update([Self.job(1, bestZeros: 3)])
    let isTold = schedule.complete(portion, tried: 1, zeros: 2)
    #expect(!isTold)
    let next = try Self.take(&schedule, 10)
    #expect(next.zeros == 4)
  }

  @Test(arguments: [-1, 64, 65, Int.max])
  func zerosThatCannotBeAreNoCrash(zeros: Int) throws {
    var schedule = Self.schedule([Self.job(1, maxZeros: 3, bestZeros: zeros), Self.job(2)])
    schedule.update([Self.job(1, maxZeros: Int.max, bestZeros: zeros), Self.job(2)])
    let portion = try Self.take(&schedule, 10)
    #expect(portion.jobID == 2)
  }

  @Test func aDroppedJobTellsNothingMore() throws {
    var schedule = Self.schedule([Self.job(1), Self.job(2, bestZeros: 8)])
    let portion = try Self.take(&schedule, 10)
    #expect(portion.jobID == 1)
    schedule.update([Self.job(2, bestZeros: 8)])
    let early = schedule.takeEnds()
    #expect(early.isEmpty, "its portion is still under way")
    #expect(schedule.hashesDone() == [1: 0, 2: 0])
    #expect(schedule.hashesDone(for: 2) == 0)
    let isTold = schedule.complete(portion, tried: 1, zeros: 5)
    #expect(!isTold)
    let ends = schedule.takeEnds()
    #expect(ends == [JobEnd(jobID: 1, reason: .dropped, hashes: 1)])
    #expect(schedule.hashesDone() == [2: 0])
    #expect(schedule.hashesDone(for: 1) == 0)
    #expect(schedule.hashes == 1)
  }

  @Test func aJobPastItsDeadlineEndsAndALaterDeadlineRevivesIt() throws {
    let deadline = Self.now + .seconds(1)
    var schedule = Self.schedule([Self.job(1, deadline: deadline)])
    let portion = try Self.take(&schedule, 10)
    _ = schedule.complete(portion, tried: 1, zeros: 0)
    #expect(Self.isIdle(&schedule, at: deadline))
    let ends = schedule.takeEnds()
    #expect(ends == [JobEnd(jobID: 1, reason: .deadline, hashes: 1)])
    schedule.update([Self.job(1, deadline: deadline + .seconds(1))])
    let later = try Self.take(&schedule, 10, at: deadline)
    #expect(later.first == 1)
  }

  @Test func aFindAtTheDeadlineIsStillTold() throws {
    let deadline = Self.now + .seconds(1)
    var schedule = Self.schedule([Self.job(1, bestZeros: 1, deadline: deadline)])
    let portion = try Self.take(&schedule, 10)
    #expect(Self.isIdle(&schedule, at: deadline))
    let isTold = schedule.complete(portion, tried: 3, zeros: 2)
    #expect(isTold)
    let ends = schedule.takeEnds()
    #expect(ends == [JobEnd(jobID: 1, reason: .deadline, hashes: 3)])
  }

  @Test func anotherSearchUnderTheSameIDIsANewJob() throws {
    var schedule = Self.schedule([Self.job(1, nonces: 0...99)])
    let portion = try Self.take(&schedule, 10)
    _ = schedule.complete(portion, tried: 1, zeros: 4)
    schedule.update([Self.job(1, nonces: 500...599)])
    let ends = schedule.takeEnds()
    #expect(ends == [JobEnd(jobID: 1, reason: .dropped, hashes: 1)])
    let fresh = try Self.take(&schedule, 10)
    #expect(fresh.first == 500)
    #expect(fresh.zeros == 0)
    #expect(schedule.hashesDone() == [1: 0])
  }

  @Test func placesAreUsedAgain() throws {
    var schedule = Self.schedule([])
    for id in UInt64(1)...100 {
      schedule.update([Self.job(id)])
      let portion = try Self.take(&schedule, 10)
      #expect(portion.jobID == id)
      schedule.update([])
      _ = schedule.complete(portion, tried: 1, zeros: 0)
    }
    let ends = schedule.takeEnds()
    #expect(ends.count == 100)
    #expect(schedule.hashes == 100)
  }
}
