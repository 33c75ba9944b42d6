import Bytes
import Foundation
import Pool
import Postgres
import Store
import Testing

@Suite(.cluster, .serialized) struct VerifierTests {
  /// A journal with every kind of event, postings, many links and checkpoints.
  private func filled(_ folder: TemporaryFolder) async throws -> StoreSettings {
    var settings = try await ClusterTrait.database()
    try FileManager.default.createDirectory(
      atPath: folder.path, withIntermediateDirectories: true)
    settings.seal = try JournalSeal(folder: folder.path)
    for round in 0..<3 {
      let store = try await EventStore.open(settings, log: quiet)
      var entries: [JournalEntry] = []
      for (index, type) in poolEventTypes.enumerated() {
        let event = try SampleDecoder.sample(
          type, withOptionals: (index + round) % 2 == 0,
          from: Int64(round * 2_000 + index * 40))
        entries.append(
          JournalEntry(
            event: event,
            postings: index % 3 == 0
              ? [Posting(.farm, .kale, 5 + Int64(index)), Posting(.fees, .kale, -5 - Int64(index))]
              : []))
      }
      for start in stride(from: 0, to: entries.count, by: 4) {
        try await store.append(Array(entries[start..<min(start + 4, entries.count)]))
      }
      await store.close()
    }
    return settings
  }

  private func superuser(_ settings: StoreSettings) async throws -> PostgresConnection {
    try await PostgresConnection.connect(
      ClusterTrait.superuserSettings(try #require(settings.owner.database)))
  }

  @Test func anUntouchedJournalIsWhole() async throws {
    let folder = TemporaryFolder()
    let settings = try await filled(folder)
    let application = try await PostgresConnection.connect(settings.application)
    let report = try await JournalVerifier(application, seal: settings.seal).run()
    #expect(report.findings == [])
    #expect(report.events == Int64(poolEventTypes.count * 3))
    #expect(report.checkpoints == 3 && report.endIsKnown)
    #expect(report.links == (poolEventTypes.count + 3) / 4 * 3)
  }

  /// Edits by a superuser, each undone before the next: every one is found. So many as
  /// `KALEPOOL_EDITS` says, 36 without it.
  @Test func everyEditIsFound() async throws {
    let folder = TemporaryFolder()
    let settings = try await filled(folder)
    let connection = try await superuser(settings)
    let wanted = ProcessInfo.processInfo.environment["KALEPOOL_EDITS"].flatMap { Int($0) } ?? 36
    let seed = UInt64.random(in: 0 ... .max)
    var random = SplitMix(seed: seed)
    var edits: [Tampering.Edit: Int] = [:]
    var missed: [String] = []
    try await connection.query("SET session_replication_role = replica")
    let tables = try await Tampering.filledTables(connection)
    var count = 0
    while count < wanted {
      let edit = Tampering.Edit.allCases[count % Tampering.Edit.allCases.count]
      try await connection.query("BEGIN")
      // Keys and checks are no hindrance to a superuser either.
      var tampering = Tampering(connection: connection, tables: tables, random: random)
      let what: String?
      do { what = try await tampering.edit(edit) } catch let error as PostgresError {
        // Refused by a key: the transaction is over, another edit is tried.
        guard [.uniqueViolation, .constraintViolation].contains(error.code) else { throw error }
        what = nil
      }
      random = tampering.random
      if let what {
        let report = try await JournalVerifier(connection, seal: settings.seal).run()
        if report.findings.isEmpty { missed.append("\(edit): \(what)") }
        edits[edit, default: 0] += 1
        count += 1
      }
      try await connection.query("ROLLBACK")
    }
    #expect(missed == [], "seed \(seed)")
    #expect(edits.count == Tampering.Edit.allCases.count, "seed \(seed): \(edits)")
    #expect(edits.values.min() ?? 0 >= wanted / edits.count, "seed \(seed): \(edits)")
    #expect(try await JournalVerifier(connection, seal: settings.seal).run().findings == [])
  }

  /// Whoever rewrites the whole chain lacks the key, and does not reach the coordinator's folder.
  @Test func aRewrittenChainIsFound() async throws {
    let (folder, other) = (TemporaryFolder(), TemporaryFolder())
    let settings = try await filled(folder)
    let forged = try await filled(other)
    let connection = try await PostgresConnection.connect(forged.application)
    // Another journal, whole in itself, in the place of ours.
    let report = try await JournalVerifier(connection, seal: settings.seal).run()
    #expect(Set(report.findings.map(\.kind)) == [.checkpoint, .end])
    #expect(report.findings.count == 4)
    // Who knows only the key sees it too; who knows that key as well has nothing against it.
    let key = try #require(forged.seal?.publicKey)
    for (keys, count) in [([settings.seal?.publicKey ?? .zero], 3), ([key], 0)] {
      let report = try await JournalVerifier(connection, seal: nil, keys: Set(keys)).run()
      #expect(report.findings.count == count && !report.endIsKnown)
    }
  }

  @Test func anOlderCopyIsNotWrittenTo() async throws {
    let folder = TemporaryFolder()
    let settings = try await filled(folder)
    let name = try #require(settings.owner.database)
    let superuser = try await PostgresConnection.connect(
      ClusterTrait.superuserSettings("postgres"))
    try await superuser.query("CREATE DATABASE \(name)_old TEMPLATE \(name) OWNER kalepool_owner")
    let store = try await EventStore.open(settings, log: quiet)
    try await store.append([JournalEntry(event: Notice(level: "info", text: "newer"))])
    await store.close()
    var old = settings
    old.owner.database = name + "_old"
    old.application.database = name + "_old"
    for _ in 0..<2 {
      let error = await #expect(throws: StoreError.self) {
        _ = try await EventStore.open(old, log: quiet)
      }
      #expect(error?.code == .corrupt && error?.message.contains("journal.head") == true)
    }
    await (try EventStore.open(settings, log: quiet)).close()
  }

  @Test func aKeyIsMadeOnceAndForItsOwnerOnly() throws {
    let folder = TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path, withIntermediateDirectories: true)
    #expect(throws: StoreError.self) { try JournalSeal(folder: folder.path, mayMake: false) }
    let key = try JournalSeal(folder: folder.path).publicKey
    #expect(try JournalSeal(folder: folder.path, mayMake: false).publicKey == key)
    let rights = try FileManager.default.attributesOfItem(
      atPath: folder.path + "/keys/journal.key")[.posixPermissions]
    #expect(rights as? Int == 0o600)
    try "nonsense".write(
      toFile: folder.path + "/keys/journal.key", atomically: true, encoding: .utf8)
    #expect(throws: StoreError.self) { try JournalSeal(folder: folder.path) }
  }
}
