import Bytes
import KaleRules
import Synchronization
import Testing

@testable import StellarClient

@Suite struct NodeBookTests {
  private let now = ContinuousClock.now

  private func book(_ count: Int = 3, rate: Double? = nil) -> NodeBook {
    var settings = RPCSettings(endpoints: (1...count).map { "http://node\($0)" })
    settings.requestsPerSecondMax = rate
    return NodeBook(settings)
  }

  @Test func theMostTrustedThatIsWellComesFirst() {
    var book = book()
    #expect(book.order(at: now) == [0, 1, 2])
    book.failed(0, RPCError(.unavailable, ""), retryAfter: nil, at: now)
    #expect(book.order(at: now) == [1, 2, 0])
    #expect(book.order(at: now + .seconds(1)) == [0, 1, 2])
    book.failed(0, RPCError(.unavailable, ""), retryAfter: nil, at: now)
    // It rests longer each time, and not at all once it has answered.
    #expect(book.order(at: now + .milliseconds(900)) == [1, 2, 0])
    book.succeeded(0, after: .zero)
    #expect(book.order(at: now) == [0, 1, 2])
    #expect(book.order(at: now, avoiding: 0) == [1, 2, 0])
  }

  @Test func howLongItRestsFollowsFromWhatIsNew() {
    var book = book(1)
    func rest(_ code: RPCError.Code, begun: Duration) -> Duration? {
      book.failed(
        0, RPCError(code, ""), retryAfter: nil, begun: now + begun, at: now + .seconds(1))
      return book.nodes[0].restsUntil.map { $0 - (now + .seconds(1)) }
    }
    #expect(rest(.busy, begun: .zero) == .milliseconds(100))
    // Sent before the first failed.
    #expect(rest(.busy, begun: .zero) == .milliseconds(100))
    #expect(rest(.busy, begun: .seconds(1)) == .milliseconds(200))
    #expect(rest(.unavailable, begun: .seconds(1)) == .milliseconds(500))
    #expect(rest(.busy, begun: .seconds(1)) == .milliseconds(100))
  }

  @Test func thoseThatLagOrDawdleComeLater() {
    var book = book()
    book.note(0, LedgerTick(sequence: 10, closeTime: 1), at: now)
    book.note(1, LedgerTick(sequence: 12, closeTime: 1), at: now)
    book.note(2, LedgerTick(sequence: 11, closeTime: 1), at: now)
    #expect(book.order(at: now) == [1, 2, 0])
    #expect(book.statuses(at: now).map(\.lag) == [2, 0, 1])
    for _ in 0..<9 { book.succeeded(1, after: .seconds(2)) }
    #expect(book.order(at: now) == [2, 1, 0])
    // What nobody repeats is no news.
    #expect(book.order(at: now + .seconds(60)) == [0, 2, 1])
  }

  @Test func aNodesOwnWishIsALimit() {
    var book = book(1)
    book.failed(0, RPCError(.busy, ""), retryAfter: .seconds(7), at: now)
    #expect(book.limit(of: 0, at: now) == now + .seconds(7))
    #expect(book.limit(of: 0, at: now + .seconds(7)) == nil)
    book.succeeded(0, after: .zero)
    #expect(book.limit(of: 0, at: now) == nil)
    book.failed(0, RPCError(.outcomeUnknown, ""), retryAfter: nil, at: now)
    #expect(book.limit(of: 0, at: now) == nil)
  }

  @Test func requestsHaveARate() {
    var book = book(1, rate: 10)
    #expect((0..<20).allSatisfy { _ in book.begin(0, calls: 1, at: now) == .zero })
    #expect(book.begin(0, calls: 1, at: now) == .milliseconds(100))
    #expect(book.begin(0, calls: 5, at: now) == .milliseconds(600))
    #expect(book.begin(0, calls: 1, at: now + .seconds(60)) == .zero)
  }
}

@Suite struct LedgerLeapTests {
  private func tick(_ sequence: UInt32) -> LedgerTick {
    LedgerTick(sequence: LedgerSequence(sequence), closeTime: 1)
  }

  @Test func whatTimeAllowsIsBelieved() {
    var leap = LedgerLeap()
    func believes(_ sequence: UInt32, after: UInt32?, passed: Duration) -> Bool {
      leap.isCredible(
        tick(sequence), from: 0, after: after.map(tick), passed: passed, isAlone: false)
    }
    #expect(believes(5_000, after: nil, passed: .zero))
    #expect(believes(5_001, after: 5_000, passed: .zero))
    // A machine that slept for an hour, and a node that has fallen behind.
    #expect(believes(5_720, after: 5_000, passed: .seconds(3_600)))
    #expect(believes(4_000, after: 5_000, passed: .zero))
    #expect(!believes(2_000_000_000, after: 5_000, passed: .seconds(3_600)))
  }

  @Test func aLeapNeedsAnotherWitness() {
    var leap = LedgerLeap()
    func believes(_ sequence: UInt32, from node: Int, isAlone: Bool = false) -> Bool {
      leap.isCredible(
        tick(sequence), from: node, after: tick(5_000), passed: .seconds(5), isAlone: isAlone)
    }
    #expect(!believes(1_000_000, from: 0))
    #expect(!believes(1_000_000, from: 0))
    #expect(!believes(2_000_000, from: 1))
    #expect(believes(2_000_001, from: 0))
    // Who is alone says it twice.
    #expect(!believes(9_000_000, from: 0, isAlone: true))
    #expect(believes(9_000_001, from: 0, isAlone: true))
  }
}

@Suite struct SpreadingTests {
  @Test func whatIsUrgentGoesToEveryOtherSoundNode() async throws {
    let nodes = (0..<4).map { _ in ScriptedNode() }
    let servers = nodes.map { $0.serve() }
    defer { for server in servers { server.stop() } }
    let rpc = RPCClient(RPCSettings(endpoints: servers.map(\.url)))
    // The third lags, and of the fourth nothing is known.
    for (index, ledger) in [1000, 1000, 990].enumerated() {
      rpc.note(LedgerTick(sequence: LedgerSequence(UInt32(ledger)), closeTime: 1), from: index)
    }
    await rpc.spreadTransaction("bytes", besides: 0)
    #expect(nodes.map { node in node.with { $0.calls["sendTransaction"] } } == [nil, 1, nil, nil])
  }
}

@Suite struct BlockAgreementTests {
  private let now = ContinuousClock.now

  private func sighting(
    _ index: UInt32, _ ledger: UInt32, openedAt: UInt64? = nil, entropy: UInt8? = nil
  ) -> FarmSighting {
    FarmSighting(
      index: BlockIndex(index), openedAt: openedAt ?? UInt64(index) * 300,
      entropy: entropy.map { Bytes32([UInt8](repeating: $0, count: 32))! },
      ledger: LedgerSequence(ledger))
  }

  private func isDisputed(_ verdict: BlockAgreement.Verdict) -> Bool {
    if case .disputed = verdict { true } else { false }
  }

  @Test func nobodyElseIsNoDispute() {
    var agreement = BlockAgreement()
    #expect(agreement.verdict(on: sighting(5, 100), at: now) == .agreed)
    agreement.note(0, sighting(5, 100), at: now)
    #expect(agreement.verdict(on: sighting(5, 100), at: now) == .agreed)
  }

  @Test func theOtherNodeConfirmsOrIsWaitedFor() {
    var agreement = BlockAgreement()
    agreement.note(0, sighting(6, 101), at: now)
    agreement.note(1, sighting(5, 100), at: now)
    // One ledger behind: about to tell. Further behind: nobody waits for it.
    #expect(agreement.verdict(on: sighting(6, 101), at: now) == .waiting)
    #expect(agreement.verdict(on: sighting(6, 102), at: now) == .agreed)
    #expect(agreement.verdict(on: sighting(6, 101), at: now + .seconds(9)) == .agreed)
    agreement.note(1, sighting(6, 101), at: now)
    #expect(agreement.verdict(on: sighting(6, 101), at: now) == .agreed)
    // Read from a node that was behind while another was asked.
    agreement.note(0, sighting(7, 161), at: now)
    agreement.note(1, sighting(7, 161), at: now)
    #expect(agreement.verdict(on: sighting(6, 160), at: now) == .waiting)
  }

  @Test func whoTellsWhatCannotBeHasNoSay() {
    var agreement = BlockAgreement()
    agreement.note(1, sighting(5, 101, entropy: 1), at: now)
    let seen = sighting(6, 101, entropy: 2)
    #expect(isDisputed(agreement.verdict(on: seen, at: now)))
    #expect(agreement.verdict(on: seen, known: 6, at: now) == .agreed)
    // A block whose entry the node itself does not have.
    agreement.note(1, sighting(7, 101), at: now)
    #expect(agreement.verdict(on: seen, at: now) == .agreed)
  }

  @Test func contradictionsAreDisputes() {
    var agreement = BlockAgreement()
    agreement.note(1, sighting(6, 101, entropy: 1), at: now)
    #expect(isDisputed(agreement.verdict(on: sighting(6, 101, openedAt: 7), at: now)))
    #expect(isDisputed(agreement.verdict(on: sighting(6, 101, entropy: 2), at: now)))
    #expect(isDisputed(agreement.verdict(on: sighting(7, 101), at: now)))
    #expect(isDisputed(agreement.verdict(on: sighting(5, 101), at: now)))
    #expect(isDisputed(agreement.verdict(on: sighting(5, 105), at: now)))
  }
}

@Suite struct LedgerForecastTests {
  private func forecast(_ gaps: [UInt64]) -> (LedgerForecast, LedgerTick) {
    var forecast = LedgerForecast()
    var tick = LedgerTick(sequence: 10, closeTime: 1_000)
    forecast.note(tick)
    for gap in gaps {
      tick = LedgerTick(sequence: tick.sequence + 1, closeTime: tick.closeTime + gap)
      forecast.note(tick)
    }
    return (forecast, tick)
  }

  @Test func beforeAnythingWasSeenItIsTheTarget() {
    let tick = LedgerTick(sequence: 1, closeTime: 100)
    #expect(LedgerForecast(target: 6).nextClose(after: tick) == 106)
    #expect(LedgerForecast().chance(ofClosingAt: 105, after: tick) == 1)
    #expect(LedgerForecast().chance(ofClosingAt: 106, after: tick) == 0)
  }

  @Test func afterwardsItIsWhatWasSeen() {
    let (steady, last) = forecast([5, 5, 5, 5])
    #expect(steady.nextClose(after: last) == last.closeTime + 5)
    let (mixed, tick) = forecast([5, 6, 6, 6, 6, 6, 7, 6, 6, 6])
    #expect(mixed.nextClose(after: tick) == tick.closeTime + 6)
    #expect(mixed.nextClose(after: tick, chance: 0.95) == tick.closeTime + 5)
    #expect(mixed.chance(ofClosingAt: tick.closeTime + 6, after: tick) == 0.9)
    #expect(mixed.chance(ofClosingAt: tick.closeTime + 8, after: tick) == 0)
  }

  @Test func ledgersThatNobodySawCountByTheirMean() {
    var (forecast, tick) = forecast([5])
    tick = LedgerTick(sequence: tick.sequence + 3, closeTime: tick.closeTime + 18)
    forecast.note(tick)
    #expect(forecast.chance(ofClosingAt: tick.closeTime + 6, after: tick) == 0.75)
  }
}

@Suite struct LookUpTests {
  private func answers(
    _ node: ScriptedNode, _ count: Int, _ settings: RPCSettings
  ) async throws -> Int {
    let rpc = RPCClient(settings)
    return try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<count {
        group.addTask {
          let hash = TestSigner.account(number % 400)
          let answer = try await rpc.getTransaction(hash)
          guard case .notFound = answer.status else {
            Issue.record("\(answer.status)")
            return
          }
        }
      }
      return try await group.reduce(into: 0) { count, _ in count += 1 }
    }
  }

  @Test func togetherTheyAreBatches() async throws {
    let node = ScriptedNode()
    let server = node.serve()
    defer { server.stop() }
    #expect(try await answers(node, 300, RPCSettings(endpoints: [server.url])) == 300)
    #expect(node.with { $0.calls["getTransaction"] } == 300)
    #expect(node.with { $0.batches.allSatisfy { $0 <= 50 } && $0.batches.count >= 6 })
  }

  @Test func aNodeWithoutBatchesIsAskedOneByOne() async throws {
    let node = ScriptedNode()
    node.with { $0.takesBatches = false }
    let server = node.serve()
    defer { server.stop() }
    #expect(try await answers(node, 120, RPCSettings(endpoints: [server.url])) == 120)
    #expect(node.with { $0.calls["getTransaction"] } == 120)
  }
}
