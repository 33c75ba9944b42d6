import Bytes
import KaleRules
import Pool
import Postgres
import Store
import Testing

@Suite(.cluster, .serialized) struct EventStoreTests {
  /// One of each kind with and without its optional fields, through the database and back.
  @Test func everyEventComesBack() async throws {
    let settings = try await ClusterTrait.database()
    let store = try await EventStore.open(settings, log: quiet)
    var events: [any PoolEvent] = []
    for (index, type) in poolEventTypes.enumerated() {
      events.append(try SampleDecoder.sample(type, from: Int64(index)))
      events.append(
        try SampleDecoder.sample(type, withOptionals: false, from: Int64(index) + 100))
    }
    let positions = try await store.append(events.map { JournalEntry(event: $0) })
    #expect(positions == 1..<Int64(events.count) + 1)
    var loaded: [StoredEvent] = []
    try await store.load { loaded.append($0) }
    #expect(loaded.map(\.position) == Array(positions))
    for (before, after) in zip(events, loaded) {
      #expect(before.isEqual(after.event), "\(before) came back as \(after.event)")
      #expect(after.recordedAt > 1_700_000_000_000_000)
    }
    await store.close()
  }

  @Test func extremesComeBack() async throws {
    let store = try await EventStore.open(ClusterTrait.database(), log: quiet)
    let key = try #require(Bytes32([UInt8](repeating: 0xFF, count: 32)))
    let events: [any PoolEvent] = [
      NonceAccepted(
        block: BlockIndex(.max), farmer: .max, agent: key, nonce: .max, hash: .zero, zeros: 0),
      NonceAccepted(
        block: 0, farmer: .min, agent: .zero, nonce: 0, hash: key, zeros: 64),
      SessionOpened(agent: key, session: [], address: "", version: "🥬 '\"\\"),
    ]
    try await store.append(events.map { JournalEntry(event: $0) })
    var loaded: [any PoolEvent] = []
    try await store.load { loaded.append($0.event) }
    #expect(loaded.count == 3 && zip(events, loaded).allSatisfy { $0.isEqual($1) })
    await store.close()
  }

  @Test func concurrentAppendsKeepTheirOrder() async throws {
    let store = try await EventStore.open(ClusterTrait.database(), log: quiet)
    let tasks = 50
    try await withThrowingTaskGroup(of: Void.self) { group in
      for task in 0..<tasks {
        group.addTask {
          for turn in 0..<10 {
            let texts = ["\(task)/\(turn)/a", "\(task)/\(turn)/b"]
            let positions = try await store.append(
              texts.map { JournalEntry(event: Notice(level: "info", text: $0)) })
            let range = positions.lowerBound...positions.upperBound - 1
            let found = try await store.events(in: range).map(\.event)
            #expect(found.map { ($0 as? Notice)?.text } == texts)
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(store.lastPosition == Int64(tasks * 20))
    // Enqueued in one breath, they stand in that order, whoever waits first.
    let tickets = (0..<100).map { index in
      store.enqueue([JournalEntry(event: Notice(level: "info", text: "\(index)"))])
    }
    for ticket in tickets.reversed() { try await ticket.durable() }
    var texts: [String?] = []
    try await store.load(from: Int64(tasks * 20) + 1) { texts.append(($0.event as? Notice)?.text) }
    #expect(texts == (0..<100).map { "\($0)" })
    await store.close()
  }

  @Test func loadingCrossesChunks() async throws {
    let store = try await EventStore.open(ClusterTrait.database(), log: quiet)
    let entries = (0..<10_050).map { index in
      JournalEntry(event: Notice(level: "info", text: "\(index)"))
    }
    try await store.append(entries)
    var expected = 9_995
    try await store.load(from: 9_996) { stored in
      #expect((stored.event as? Notice)?.text == "\(expected)")
      expected += 1
    }
    #expect(expected == 10_050)
    await store.close()
  }

  @Test func noEntriesAreDurableAtOnce() async throws {
    let store = try await EventStore.open(ClusterTrait.database(), log: quiet)
    #expect(try await store.append([]).isEmpty)
    #expect(store.lastPosition == 0)
    try await store.load { _ in Issue.record("an empty journal has no events") }
    await store.close()
  }

  // MARK: What happens once only

  @Test func aSecondPlantingIsRefusedAndEndsTheJournal() async throws {
    let settings = try await ClusterTrait.database()
    let store = try await EventStore.open(settings, log: quiet)
    func planting(_ farmer: FarmerID) -> [JournalEntry] {
      [
        JournalEntry(
          event: PlantingResolved(
            farmer: farmer, block: 5, pooler: 1, planted: false, stake: 0, ledger: 0,
            transaction: nil, reason: "test"))
      ]
    }
    try await store.append(planting(1))
    // In one breath, so that they may share a transaction: those before the culprit are recorded.
    let tickets = [2, 3, 1, 4].map { store.enqueue(planting($0)) }
    try await tickets[0].durable()
    try await tickets[1].durable()
    for ticket in tickets[2...] {
      let error = await #expect(throws: StoreError.self) { try await ticket.durable() }
      #expect(error?.code == .conflict)
      #expect(error?.cause?.constraint?.hasSuffix("farmer_block_key") == true)
    }
    let error = await #expect(throws: StoreError.self) { try await store.append(planting(9)) }
    #expect(error?.code == .conflict)
    await store.close()

    let again = try await EventStore.open(settings, log: quiet)
    #expect(again.lastPosition == 3)
    #expect(try await again.append(planting(4)) == 4..<5)
    await again.close()
  }

  /// An agent may change its mind about its next key, and change it back.
  @Test func aKeyMayBeOfferedAgain() async throws {
    let store = try await EventStore.open(ClusterTrait.database(), log: quiet)
    let keys = try [1, 2, 1].map { try #require(Bytes32([UInt8](repeating: $0, count: 32))) }
    for key in keys {
      try await store.append([
        JournalEntry(event: AgentKeyOffered(agent: .zero, next: key, expiresAt: 1))
      ])
    }
    await store.close()
  }

  @Test func unbalancedPostingsAreRefused() async throws {
    let store = try await EventStore.open(ClusterTrait.database(), log: quiet)
    let entry = JournalEntry(
      event: Notice(level: "info", text: ""),
      postings: [Posting(.farm, .kale, 5), Posting(.outside, .xlm, -5)])
    let error = await #expect(throws: StoreError.self) { try await store.append([entry]) }
    #expect(error?.code == .unbalanced)
    await store.close()
  }

  // MARK: Faults

  @Test func oneWriterOnly() async throws {
    let settings = try await ClusterTrait.database()
    let store = try await EventStore.open(settings, log: quiet)
    let error = await #expect(throws: StoreError.self) {
      _ = try await EventStore.open(settings, log: quiet)
    }
    #expect(error?.code == .inUse)
    await store.close()
    await (try EventStore.open(settings, log: quiet)).close()
  }

  @Test func aClosedJournalTakesNothing() async throws {
    let store = try await EventStore.open(ClusterTrait.database(), log: quiet)
    let ticket = store.enqueue([JournalEntry(event: Notice(level: "info", text: "last"))])
    await store.close()
    try await ticket.durable()
    let error = await #expect(throws: StoreError.self) {
      try await store.append([JournalEntry(event: Notice(level: "info", text: "late"))])
    }
    #expect(error?.code == .closed)
    await store.close()
  }

  @Test func aCutIsSurvived() async throws {
    let settings = try await ClusterTrait.database()
    let store = try await EventStore.open(settings, log: quiet)
    let entry = JournalEntry(event: Notice(level: "info", text: "x"))
    for turn in 1...5 as ClosedRange<Int64> {
      #expect(try await store.append([entry]) == turn..<turn + 1)
      try await endSessions(of: settings)
    }
    try await store.load { _ in }
    await store.close()
    let again = try await EventStore.open(settings, log: quiet)
    #expect(again.lastPosition == 5)
    await again.close()
  }

  /// Nobody knows whether what was under way when a connection broke was committed: the chain tells.
  @Test func nothingIsLostOrDoubledByCutsAtAnyMoment() async throws {
    let settings = try await ClusterTrait.database()
    let store = try await EventStore.open(settings, log: quiet)
    let writing = Task {
      var count: Int64 = 0
      while !Task.isCancelled {
        let texts = (0..<50).map { "\(count + Int64($0))" }
        let positions = try await store.append(
          texts.map { JournalEntry(event: Notice(level: "info", text: $0)) })
        #expect(positions == count + 1..<count + 51)
        count += 50
      }
      return count
    }
    for _ in 0..<30 {
      try await Task.sleep(for: .milliseconds(Int64.random(in: 1...20)))
      try await endSessions(of: settings)
    }
    writing.cancel()
    let count = try await writing.value
    #expect(store.failure == nil && count > 0)
    await store.close()
    let again = try await EventStore.open(settings, log: quiet)
    var next: Int64 = 0
    try await again.load { stored in
      #expect((stored.event as? Notice)?.text == "\(next)")
      next += 1
    }
    #expect(next == count)
    await again.close()
  }

  @Test func aDatabaseThatStaysAwayEndsTheJournal() async throws {
    var settings = try await ClusterTrait.database()
    settings.reconnectMillisecondsMax = 300
    let store = try await EventStore.open(settings, log: quiet)
    let entry = JournalEntry(event: Notice(level: "info", text: "x"))
    try await store.append([entry])
    let name = try #require(settings.owner.database)
    let superuser = try await PostgresConnection.connect(
      ClusterTrait.superuserSettings("postgres"))
    try await superuser.query("ALTER DATABASE \(name) ALLOW_CONNECTIONS false")
    try await endSessions(of: settings)
    for _ in 0..<2 {
      let error = await #expect(throws: StoreError.self) { try await store.append([entry]) }
      #expect(error?.code == .unreachable)
    }
    #expect(store.failure?.code == .unreachable)
    await store.close()
    try await superuser.query("ALTER DATABASE \(name) ALLOW_CONNECTIONS true")
    let again = try await EventStore.open(settings, log: quiet)
    #expect(try await again.append([entry]) == 2..<3)
    await again.close()
  }

  /// The server's own word for a full disk, for as long as the rule stands: nothing is lost, nothing
  /// is there twice, and it goes on by itself. (A disk that is really full: Tests/Crowd/fulldisk.)
  @Test func roomOnAFullDiskIsWaitedFor() async throws {
    var settings = try await ClusterTrait.database()
    settings.reconnectMillisecondsMax = 0
    let store = try await EventStore.open(settings, log: quiet)
    let owner = try await PostgresConnection.connect(settings.owner)
    try await owner.runScript(
      """
      CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = 'disk_full'; END $$;
      CREATE TRIGGER full_disk BEFORE INSERT ON notices EXECUTE FUNCTION full_disk();
      """)
    let tickets = (1...3).map { number in
      store.enqueue([JournalEntry(event: Notice(level: "info", text: "\(number)"))])
    }
    while store.trouble == nil { try await Task.sleep(for: .milliseconds(5)) }
    #expect(store.trouble?.contains("out of disk") == true && store.failure == nil)
    #expect(try await owner.query("SELECT count(*) FROM journal_links")[0].int(0) == 0)
    try await owner.query("DROP TRIGGER full_disk ON notices")
    for ticket in tickets { try await ticket.durable() }
    #expect(store.trouble == nil)
    var texts: [String] = []
    try await store.load { texts.append(($0.event as? Notice)?.text ?? "") }
    #expect(texts == ["1", "2", "3"])
    // Whoever wants to stop does not wait for room.
    try await owner.runScript(
      "CREATE TRIGGER full_disk BEFORE INSERT ON notices EXECUTE FUNCTION full_disk()")
    let last = store.enqueue([JournalEntry(event: Notice(level: "info", text: "4"))])
    await store.close()
    await #expect(throws: StoreError.self) { try await last.durable() }
  }

  @Test func aMissingEventIsFound() async throws {
    let settings = try await ClusterTrait.database()
    let store = try await EventStore.open(settings, log: quiet)
    try await store.append(
      (1...5).map { JournalEntry(event: Notice(level: "info", text: "\($0)")) })
    let owner = try await PostgresConnection.connect(settings.owner)
    try await owner.runScript(
      """
      ALTER TABLE notices DISABLE TRIGGER never_changed;
      DELETE FROM notices WHERE position = 3;
      """)
    let error = await #expect(throws: StoreError.self) { try await store.load { _ in } }
    #expect(error?.code == .corrupt)
    #expect(error?.message.contains("event 3 is missing") == true)
    await store.close()
  }

  @Test func aRowThatCannotBeReadIsNamed() async throws {
    let settings = try await ClusterTrait.database()
    let store = try await EventStore.open(settings, log: quiet)
    let application = try await PostgresConnection.connect(settings.application)
    try await application.query(
      "INSERT INTO wallets VALUES (1, now(), $1, 'nonsense', 1)",
      [.bytes([UInt8](repeating: 0, count: 32))])
    let error = await #expect(throws: StoreError.self) {
      _ = try await store.events(in: 1...1)
    }
    #expect(error?.code == .corrupt)
    #expect(error?.message.contains("wallets") == true)
    await store.close()
  }

  private func endSessions(of settings: StoreSettings) async throws {
    let name = try #require(settings.owner.database)
    let superuser = try await PostgresConnection.connect(
      ClusterTrait.superuserSettings("postgres"))
    try await superuser.query(
      "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = $1",
      [.text(name)])
    await superuser.close()
  }
}
