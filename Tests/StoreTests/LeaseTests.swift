import Pool
import Postgres
import Store
import Testing

@Suite(.cluster, .serialized) struct LeaseTests {
  private let entry = JournalEntry(event: Notice(level: "info", text: "x"))

  /// A holder that neither renews nor gives up: what a stopped process looks like to others.
  private func frozen(_ settings: StoreSettings) -> StoreSettings {
    var settings = settings
    settings.leaseMilliseconds = 1_000_000
    return settings
  }

  @Test func aStandbyTakesOverFromOneThatStandsStill() async throws {
    let settings = try await ClusterTrait.database()
    let old = try await EventStore.open(frozen(settings), log: quiet)
    try await old.append([entry])
    var eager = settings
    eager.standbyMillisecondsMax = nil
    eager.leaseMilliseconds = 400
    let new = try await EventStore.open(eager, log: quiet)
    #expect(new.lastPosition == 1)
    // The old one wakes and writes nothing, then or ever.
    for _ in 0..<2 {
      let error = await #expect(throws: StoreError.self) { try await old.append([entry]) }
      #expect(error?.code == .leaseLost)
    }
    #expect(old.failure?.code == .leaseLost)
    await old.close()
    #expect(try await new.append([entry]) == 2..<3)
    await new.close()
  }

  /// The fence alone, without the end of the old one's session.
  @Test func anOldEpochWritesNothing() async throws {
    let settings = try await ClusterTrait.database()
    let old = try await EventStore.open(frozen(settings), log: quiet)
    let connection = try await PostgresConnection.connect(settings.application)
    try await connection.query("UPDATE leases SET epoch = epoch + 1")
    let error = await #expect(throws: StoreError.self) { try await old.append([entry]) }
    #expect(error?.code == .leaseLost)
    for table in ["notices", "journal_links"] {
      #expect(try await connection.query("SELECT count(*) FROM \(table)")[0].int(0) == 0)
    }
    await old.close()
  }

  @Test func whoRenewsKeepsIt() async throws {
    var settings = try await ClusterTrait.database()
    settings.leaseMilliseconds = 400
    let store = try await EventStore.open(settings, log: quiet)
    var eager = settings
    eager.holder = "another"
    eager.graceMilliseconds = 400
    eager.standbyMillisecondsMax = 1_500
    let error = await #expect(throws: StoreError.self) {
      _ = try await EventStore.open(eager, log: quiet)
    }
    #expect(error?.code == .inUse)
    try await store.append([entry])
    await store.close()
  }

  @Test func aHolderThatLeavesIsFollowedAtOnce() async throws {
    var settings = try await ClusterTrait.database()
    settings.standbyMillisecondsMax = nil
    let first = try await EventStore.open(settings, log: quiet)
    settings.holder = "another"
    let waiting = Task { [settings] in try await EventStore.open(settings, log: quiet) }
    try await first.append([entry])
    await first.close()
    let second = try await waiting.value
    #expect(second.lastPosition == 1)
    await second.close()
  }

  /// Two that fight for the lease, cuts at random: each event is where its writer was told it is.
  @Test func twoNeverWriteTheSamePosition() async throws {
    var settings = try await ClusterTrait.database()
    settings.standbyMillisecondsMax = nil
    settings.leaseMilliseconds = 200
    settings.graceMilliseconds = 50
    let told = await withTaskGroup(of: [String].self) { group in
      for writer in 0..<3 {
        var own = settings
        own.holder = "writer \(writer)"
        group.addTask { [own] in
          var told: [String] = []
          for turn in 0..<6 {
            guard let store = try? await EventStore.open(own, log: quiet) else { continue }
            for step in 0..<10 {
              let text = "\(writer)/\(turn)/\(step)"
              guard
                let range = try? await store.append([
                  JournalEntry(event: Notice(level: "info", text: text))
                ])
              else { break }
              told.append("\(range.lowerBound) \(text)")
            }
            if turn % 2 == 0 { await store.close() } else { Task { await store.close() } }
          }
          return told
        }
      }
      var all: [String] = []
      for await told in group { all += told }
      return all
    }
    #expect(told.count > 50)
    let store = try await EventStore.open(settings, log: quiet)
    var written: Set<String> = []
    try await store.load { stored in
      written.insert("\(stored.position) \((stored.event as? Notice)?.text ?? "")")
    }
    #expect(Set(told).subtracting(written) == [], "what was told to be durable is not there")
    await store.close()
  }
}
