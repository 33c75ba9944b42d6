import Bytes
import Foundation
import StellarXDR

/// The clock, the state and snapshots, as `deploy/devnet.md` describes them.
extension RPCMethods {
  /// Seconds that can be skipped at once: ten years.
  private static let skippedMax: Int64 = 315_360_000
  private static let speedMax = 1_000_000.0

  /// `{speed?, skipSeconds?}`: a speed of 0 stops the clock.
  func setClock(_ parameters: RPCParameters) async throws(RPCFailure) -> JSON {
    let speed = parameters["speed"]?.asNumber
    guard parameters["speed"] == nil || speed.map({ (0...Self.speedMax).contains($0) }) == true
    else { throw .invalidParams("speed must be within 0 and \(Self.speedMax)") }
    let seconds = try parameters.int("skipSeconds") ?? 0
    guard (0...Self.skippedMax).contains(seconds) else {
      throw .invalidParams("skipSeconds must be within 0 and \(Self.skippedMax)")
    }
    await node.chain.setClock(speed: speed, skipping: UInt64(seconds))
    return .object(["speed": await node.chain.speed.map { .double($0) } ?? .null])
  }

  /// `{entries?: [{xdr: LedgerEntry, liveUntilLedgerSeq?}], remove?: [LedgerKey]}`: what the next
  /// ledger begins with.
  func setEntries(_ parameters: RPCParameters) async throws(RPCFailure) -> JSON {
    var changes: [LedgerKey: StoredEntry?] = [:]
    for item in parameters["entries"]?.asArray ?? [] {
      guard let text = item["xdr"]?.asString, let entry = try? LedgerEntry(base64: text) else {
        throw .invalidParams("every entry needs xdr, a LedgerEntry")
      }
      var stored = StoredEntry(entry.data)
      stored.entry = entry
      if !entry.data.key.isClassic {
        guard let last = item["liveUntilLedgerSeq"]?.asInt.flatMap(UInt32.init(exactly:)) else {
          throw .invalidParams("a contract's entry needs liveUntilLedgerSeq")
        }
        stored.liveUntil = last
      }
      changes.updateValue(stored, forKey: entry.data.key)
    }
    for item in parameters["remove"]?.asArray ?? [] {
      guard let key = item.asString.flatMap({ try? LedgerKey(base64: $0) }) else {
        throw .invalidParams("remove lists LedgerKeys")
      }
      if case .configSetting = key { throw .invalidParams("settings cannot be removed") }
      changes.updateValue(nil, forKey: key)
    }
    let ordered = changes
    do throws(DevnetError) {
      try await node.chain.order(ordered)
    } catch {
      throw .invalidParams(error.message)
    }
    return .object(["entries": .int(Int64(ordered.count))])
  }

  /// `{name}`: writes the chain into the folder of snapshots.
  func snapshot(_ parameters: RPCParameters) async throws(RPCFailure) -> JSON {
    let file = try snapshotFile(parameters)
    let (bytes, hash) = await node.chain.snapshot()
    do {
      try Data(bytes).write(to: file, options: .atomic)
    } catch {
      throw .internal("the snapshot cannot be written: \(error.localizedDescription)")
    }
    return .object([
      "file": .string(file.path), "bytes": .int(Int64(bytes.count)),
      "stateHash": .string("\(hash)"),
    ])
  }

  /// `{name}`: goes on from a snapshot.
  func restore(_ parameters: RPCParameters) async throws(RPCFailure) -> JSON {
    let file = try snapshotFile(parameters)
    guard let data = try? Data(contentsOf: file) else {
      throw .invalidParams("there is no snapshot of that name")
    }
    do throws(DevnetError) {
      let hash = try await node.chain.restore(Array(data))
      return .object(["stateHash": .string("\(hash)")])
    } catch {
      throw .invalidParams(error.message)
    }
  }

  private func snapshotFile(_ parameters: RPCParameters) throws(RPCFailure) -> URL {
    guard let folder = settings.snapshotFolder else {
      throw .invalidRequest("the devnet was started without --snapshots FOLDER")
    }
    let name = try parameters.string("name")
    // Nothing that leads out of the folder.
    guard (1...64).contains(name.utf8.count),
      name.utf8.allSatisfy({ byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
          true
        default: false
        }
      })
    else { throw .invalidParams("a snapshot's name is of letters, digits, - and _") }
    return URL(fileURLWithPath: folder).appendingPathComponent(name + ".snapshot")
  }
}
