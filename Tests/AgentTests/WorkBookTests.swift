import Agent
import Bytes
import HashEngine
import PoolProtocol
import Testing

@Suite struct WorkBookTests {
  let now = ContinuousClock.now
  let entropy = Bytes32([UInt8](repeating: 3, count: 32))!

  func farmer(_ number: UInt8) -> Bytes32 { Bytes32([UInt8](repeating: number, count: 32))! }

  func set(
    _ version: UInt64, block: UInt32 = 5, _ assignments: [(handle: UInt64, farmer: UInt8)],
    best: Int? = nil
  ) -> AssignmentSet {
    AssignmentSet(
      version: version, blockIndex: block, entropy: entropy, maxZeros: 8, remainingMs: 1_000,
      assignments: assignments.map {
        Assignment(
          handle: $0.handle, farmerKey: farmer($0.farmer), nonces: 0...1_000, bestZeros: best)
      })
  }

  @Test func jobsKeepTheirSearchAcrossSetsAndSessions() {
    var book = WorkBook()
    let first = book.adopt(set(1, [(10, 1), (11, 2)]), now: now).jobs
    #expect(first.map(\.farmer) == [farmer(1), farmer(2)])
    #expect(first.allSatisfy { $0.deadline == now + .seconds(1) && $0.maxZeros == 8 })
    let second = book.adopt(set(2, [(11, 2), (12, 3)]), now: now).jobs
    #expect(second.first { $0.farmer == farmer(2) }?.id == first[1].id)
    book.sessionBegan()
    // The coordinator has started anew and counts its handles from the beginning.
    let third = book.adopt(set(1, [(1, 3), (2, 2)]), now: now).jobs
    #expect(third.first { $0.farmer == farmer(2) }?.id == first[1].id)
    let found = book.improved(
      Improvement(jobID: first[1].id, nonce: 9, zeros: 4, hash: .zero), hashesDone: 77)
    #expect(
      found == NonceFound(handle: 2, blockIndex: 5, nonce: 9, zeros: 4, hashesDone: 77))
    #expect(book.count == 2)
  }

  @Test func theBestNonceIsSentAgainAfterABrokenLine() {
    var book = WorkBook()
    let jobs = book.adopt(set(1, [(10, 1), (11, 2)]), now: now).jobs
    for (zeros, nonce) in [(2, UInt64(7)), (5, 8)] {
      _ = book.improved(
        Improvement(jobID: jobs[0].id, nonce: nonce, zeros: zeros, hash: .zero), hashesDone: 1)
    }
    // Not better than before: not told.
    #expect(
      book.improved(
        Improvement(jobID: jobs[0].id, nonce: 99, zeros: 5, hash: .zero), hashesDone: 1) == nil)
    book.sessionBegan()
    // Found while nobody listened.
    #expect(
      book.improved(
        Improvement(jobID: jobs[1].id, nonce: 3, zeros: 6, hash: .zero), hashesDone: 1) == nil)
    let again = book.adopt(set(1, [(20, 1), (21, 2)], best: 5), now: now)
    // The first one's five zeros are known there; the second one's six are not.
    #expect(again.resend.map(\.handle) == [21] && again.resend.map(\.nonce) == [3])
    #expect(again.jobs.map(\.bestZeros) == [5, 6])
  }

  @Test func aNewBlockForgetsTheOldOnesNonces() {
    var book = WorkBook()
    let jobs = book.adopt(set(1, [(10, 1)]), now: now).jobs
    _ = book.improved(
      Improvement(jobID: jobs[0].id, nonce: 7, zeros: 5, hash: .zero), hashesDone: 1)
    let next = book.adopt(set(2, block: 6, [(30, 1)]), now: now)
    #expect(next.resend.isEmpty && next.jobs.map(\.bestZeros) == [nil])
    #expect(next.jobs[0].id != jobs[0].id)
    // The dropped job's end is still told, by the handle it had, and only once.
    let end = JobEnd(jobID: jobs[0].id, reason: .dropped, hashes: 500)
    #expect(book.ended(end) == WorkDone(handle: 10, blockIndex: 5, hashesDone: 500))
    #expect(book.ended(end) == nil)
  }

  @Test func theOutboxKeepsTheBestOfEachAndItsOrder() {
    var outbox = NonceOutbox()
    func nonce(_ handle: UInt64, _ zeros: Int, block: UInt32 = 5) -> NonceFound {
      NonceFound(
        handle: handle, blockIndex: block, nonce: UInt64(zeros), zeros: zeros, hashesDone: 0)
    }
    outbox.add(WorkDone(handle: 2, blockIndex: 5, hashesDone: 9))
    outbox.add(nonce(2, 4))
    outbox.add(nonce(1, 3))
    outbox.add(nonce(2, 6))
    outbox.add(nonce(2, 5))
    outbox.adopt(version: 3)
    #expect(
      outbox.take() == [
        .adopted(version: 3), .found(nonce(2, 6)), .found(nonce(1, 3)),
        .done(WorkDone(handle: 2, blockIndex: 5, hashesDone: 9)),
      ])
    #expect(outbox.isEmpty && outbox.take().isEmpty)
  }
}
