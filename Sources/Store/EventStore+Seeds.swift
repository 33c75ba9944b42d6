import Bytes
package import Logging
import Postgres

/// Sealed seeds are inserted once for each wallet and master key version, and never changed.
extension EventStore {
  /// Stores a seed; durable when it returns. The same row twice is once, another one a conflict.
  package func insert(_ seed: StoredSeed) async throws(StoreError) {
    let values: [PostgresValue] = [
      .bytes(seed.wallet.bytes), .int(Int64(seed.keyVersion)), .int(seed.owner),
      .text(seed.purpose), .bytes(seed.sealedKey), .bytes(seed.sealedSeed),
    ]
    let rows = try await read([
      PostgresStatement(
        """
        INSERT INTO sealed_seeds (wallet, key_version, owner, purpose, sealed_key, sealed_seed)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING
        """, values, isReused: true),
      PostgresStatement(
        """
        SELECT 1 FROM sealed_seeds WHERE wallet = $1 AND key_version = $2 AND owner = $3
        AND purpose = $4 AND sealed_key = $5 AND sealed_seed = $6
        """, values, isReused: true),
    ])
    guard rows[1].count == 1 else {
      throw StoreError(.conflict, "wallet \(seed.wallet) has another sealed seed already")
    }
  }

  /// Each wallet's seed under the newest master key it was sealed with.
  package func sealedSeeds() async throws(StoreError) -> [StoredSeed] {
    try Self.seeds(try await read([PostgresStatement(Self.seedsSQL)])[0])
  }

  /// The same before the journal is opened, by who may have to stand by for that. Brings the tables up
  /// to date.
  package static func sealedSeeds(
    in settings: StoreSettings, log: Logger
  ) async throws(StoreError) -> [StoredSeed] {
    try await Migrator(settings: settings, log: log).run()
    let reader = ReadingConnection(settings.application)
    let result: Result<[PostgresRows], PostgresError>
    do throws(PostgresError) {
      result = .success(try await reader.run([PostgresStatement(seedsSQL)]))
    } catch { result = .failure(error) }
    await reader.close()
    switch result {
    case .success(let rows): return try seeds(rows[0])
    case .failure(let error): throw StoreError(error, while: "the sealed seeds cannot be read")
    }
  }

  private static let seedsSQL = """
    SELECT DISTINCT ON (wallet) wallet, owner, purpose, key_version, sealed_key, sealed_seed
    FROM sealed_seeds ORDER BY wallet, key_version DESC
    """

  private static func seeds(_ rows: PostgresRows) throws(StoreError) -> [StoredSeed] {
    var seeds: [StoredSeed] = []
    for row in rows {
      do throws(PostgresError) {
        guard let wallet = Bytes32(try row.bytes(0)),
          let version = UInt32(exactly: try row.int(3))
        else { throw PostgresError(.unexpectedValue, "a wallet's key or version is out of range") }
        seeds.append(
          StoredSeed(
            wallet: wallet, owner: try row.int(1), purpose: try row.text(2), keyVersion: version,
            sealedKey: try row.bytes(4), sealedSeed: try row.bytes(5)))
      } catch { throw StoreError(.corrupt, "a sealed seed cannot be read: \(error.message)") }
    }
    return seeds
  }
}
