import Bytes
import Store
import Testing

@Suite(.cluster, .serialized) struct OrdinaryTablesTests {
  private func key(_ byte: UInt8) throws -> Bytes32 {
    try #require(Bytes32([UInt8](repeating: byte, count: 32)))
  }

  @Test func sessionsComeAndGo() async throws {
    let store = try await EventStore.open(ClusterTrait.database(), log: quiet)
    let first = SessionRow(tokenHash: try key(1), farmer: 7, createdAt: 100, expiresAt: 200)
    let second = SessionRow(tokenHash: try key(2), farmer: 7, createdAt: 150, expiresAt: 300)
    let other = SessionRow(tokenHash: try key(3), farmer: 8, createdAt: 150, expiresAt: 300)
    for session in [first, second, other, first] { try await store.insert(session) }
    #expect(try await store.session(tokenHash: first.tokenHash) == first)
    #expect(try await store.session(tokenHash: key(9)) == nil)
    try await store.deleteSession(tokenHash: first.tokenHash)
    try await store.deleteSession(tokenHash: first.tokenHash)
    #expect(try await store.session(tokenHash: first.tokenHash) == nil)
    try await store.deleteSessions(farmer: 7)
    #expect(try await store.session(tokenHash: second.tokenHash) == nil)
    #expect(try await store.session(tokenHash: other.tokenHash) == other)
    // A new session sweeps out those that had expired when it began.
    try await store.insert(
      SessionRow(tokenHash: try key(4), farmer: 9, createdAt: 301, expiresAt: 400))
    #expect(try await store.session(tokenHash: other.tokenHash) == nil)
    await store.close()
  }

  @Test func seedsAreStoredOnce() async throws {
    let store = try await EventStore.open(ClusterTrait.database(), log: quiet)
    var seed = StoredSeed(
      wallet: try key(1), owner: 7, purpose: "farmer", keyVersion: 1, sealedKey: [1, 2],
      sealedSeed: [3])
    try await store.insert(seed)
    try await store.insert(seed)
    var other = seed
    other.sealedSeed = [4]
    let error = await #expect(throws: StoreError.self) { try await store.insert(other) }
    #expect(error?.code == .conflict)
    #expect(try await store.sealedSeeds() == [seed])
    seed.keyVersion = 12
    seed.sealedKey = [9]
    try await store.insert(seed)
    other.wallet = try key(2)
    try await store.insert(other)
    #expect(try await store.sealedSeeds() == [seed, other])
    await store.close()
  }
}
