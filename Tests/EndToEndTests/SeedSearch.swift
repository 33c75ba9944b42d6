import Bytes
import Foundation
import Logging
import Postgres
import Sodium
import StellarXDR
import Testing

@testable import Custody

/// Opens every sealed seed of a stopped pool by its master key, and looks for the seeds in all that
/// the pool has written: a dump of the database, the database's own files, and the logs.
struct SeedSearch {
  /// The demo's folder.
  let folder: String

  func findsNothing() async throws {
    let coordinator = folder + "/coordinator"
    let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let cluster = try await PrivateCluster.start(in: coordinator + "/database", log: quiet)
    let sealed: [SealedSeed]
    let dump: Data
    do {
      sealed = try await sealedSeeds(cluster)
      dump = try await self.dump(cluster)
      await cluster.stop()
    } catch {
      await cluster.stop()
      throw error
    }
    // Three farmers, a treasury, a bond.
    try #require(sealed.count >= 5)
    let vault = Vault(
      keys: try MasterKeyRing.load(.file(coordinator + "/keys/master.key")))
    var forms: [[UInt8]] = []
    for seed in sealed {
      try vault.withSeed(of: seed) { bytes throws(CustodyError) in
        forms += Self.forms(of: Array(bytes))
      }
      // The dump holds the seed's row: looking for the wallet finds it.
      #expect(Self.count([Array(Hex.encode(seed.wallet.bytes).utf8)], in: dump) > 0)
    }
    #expect(Self.count(forms, in: dump) == 0, "a seed is in the dump")
    var files = 0
    let walk = try #require(FileManager.default.enumerator(atPath: folder))
    for case let path as String in walk {
      guard let data = FileManager.default.contents(atPath: folder + "/" + path) else { continue }
      files += 1
      #expect(Self.count(forms, in: data) == 0, "a seed is in \(path)")
    }
    #expect(files > 900, "the database's files were not all read")
    try searchFindsWhatIsThere(forms)
  }

  /// Every form is found in a text that has it, so that finding none means something.
  private func searchFindsWhatIsThere(_ forms: [[UInt8]]) throws {
    for form in forms {
      let text = Data(randomBytes(1_000) + form + randomBytes(1_000))
      #expect(Self.count([form], in: text) == 1)
    }
  }

  private func sealedSeeds(_ cluster: PrivateCluster) async throws -> [SealedSeed] {
    let connection = try await PostgresConnection.connect(cluster.applicationSettings)
    let rows = try await connection.query(
      "SELECT wallet, owner, purpose, key_version, sealed_key, sealed_seed FROM sealed_seeds")
    await connection.close()
    return try rows.map { row in
      SealedSeed(
        wallet: try #require(Bytes32(try row.bytes(0))), owner: try row.int(1),
        purpose: try #require(WalletPurpose(rawValue: try row.text(2))),
        keyVersion: UInt32(try row.int(3)), sealedKey: try row.bytes(4),
        sealedSeed: try row.bytes(5))
    }
  }

  private func dump(_ cluster: PrivateCluster) async throws -> Data {
    let settings = cluster.ownerSettings
    let result = try await RunningProgram(
      path: "/usr/bin/pg_dump",
      arguments: ["-h", settings.host ?? "", "-U", "postgres", PrivateCluster.database],
      environment: [:]
    ).result()
    try #require(result.status == 0, "\(result.errors)")
    return Data(result.output.utf8)
  }

  /// Raw, hex in both cases, base64 at its three alignments, base32, and Stellar's S….
  static func forms(of seed: [UInt8]) -> [[UInt8]] {
    let hex = Hex.encode(seed)
    var texts = [hex, hex.uppercased(), Base32.encode(seed), StrKey.encode(.seed, seed)]
    for offset in 0..<3 {
      // Characters that bytes before or after the seed do not change.
      let text = Base64.encode([UInt8](repeating: 0, count: offset) + seed)
      texts.append(String(text.dropFirst((offset * 8 + 5) / 6).prefix(41)))
    }
    return [seed] + texts.map { Array($0.utf8) }
  }

  /// How many of the needles are in `data`.
  private static func count(_ needles: [[UInt8]], in data: Data) -> Int {
    data.withUnsafeBytes { hay in needles.count { contains($0, hay) } }
  }

  private static func contains(_ needle: [UInt8], _ hay: UnsafeRawBufferPointer) -> Bool {
    guard var at = hay.baseAddress else { return false }
    let end = at + hay.count
    while end - at >= needle.count,
      let found = memchr(at, Int32(needle[0]), end - at - needle.count + 1)
    {
      if memcmp(found, needle, needle.count) == 0 { return true }
      at = UnsafeRawPointer(found) + 1
    }
    return false
  }
}
