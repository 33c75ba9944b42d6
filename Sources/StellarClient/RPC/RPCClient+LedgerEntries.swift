import JSON
package import KaleRules
package import StellarXDR

/// An entry as the RPC reports it.
package struct LiveLedgerEntry: Sendable, Hashable {
  package let data: LedgerEntryData
  package let lastModified: LedgerSequence
  /// The last ledger in which a contract's entry lives; nil for classic entries, 0 for an
  /// archived one.
  package let liveUntil: LedgerSequence?
}

/// Entries as of a ledger. Missing ones and temporary ones that have expired are not there.
package struct LedgerEntries: Sendable {
  package var entries: [LedgerKey: LiveLedgerEntry] = [:]
  /// The least ledger of all answers this came from.
  package var latestLedger: LedgerSequence

  package subscript(_ key: LedgerKey) -> LiveLedgerEntry? { entries[key] }
}

extension RPCClient {
  /// The most keys the RPC takes in one call.
  package static let ledgerKeysMax = 200

  /// Any number of entries, in as many calls as it takes. The RPC refuses a key given twice, so
  /// duplicates are asked for once. A node that has not seen the ledger `since` is passed over.
  package func getLedgerEntries(
    _ keys: [LedgerKey], since: LedgerSequence = 0
  ) async throws(RPCError) -> LedgerEntries { try await getLedgerEntries(keys, since: since, .any) }

  func getLedgerEntries(
    _ keys: [LedgerKey], since: LedgerSequence = 0, _ choice: NodeChoice
  ) async throws(RPCError) -> LedgerEntries {
    var seen: Set<LedgerKey> = []
    let keys = keys.filter { seen.insert($0).inserted }
    guard !keys.isEmpty else { throw RPCError(.refused(0), "getLedgerEntries without any key") }
    let batches = stride(from: 0, to: keys.count, by: Self.ledgerKeysMax).map {
      Array(keys[$0..<min($0 + Self.ledgerKeysMax, keys.count)])
    }
    guard batches.count > 1 else { return try await part(batches[0], since, choice) }
    let results = await withTaskGroup(of: Result<LedgerEntries, RPCError>.self) { group in
      for keys in batches {
        group.addTask {
          do throws(RPCError) { return .success(try await self.part(keys, since, choice)) } catch {
            return .failure(error)
          }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    var all = LedgerEntries(latestLedger: LedgerSequence(.max))
    for result in results {
      let part = try result.get()
      all.entries.merge(part.entries) { first, _ in first }
      all.latestLedger = min(all.latestLedger, part.latestLedger)
    }
    return all
  }

  private func part(
    _ keys: [LedgerKey], _ since: LedgerSequence, _ choice: NodeChoice
  ) async throws(RPCError) -> LedgerEntries {
    let method = "getLedgerEntries"
    let parameters: JSONValue = ["keys": .array(keys.map { .string($0.base64) })]
    return try await call(method, parameters, choice: choice) { fields throws(RPCError) in
      var found = LedgerEntries(latestLedger: try fields.ledger("latestLedger"))
      guard found.latestLedger >= since else {
        throw RPCError(.behind, "\(method): the node is at \(found.latestLedger), not \(since)")
      }
      for item in fields.list("entries") {
        let entry = RPCFields(item, method)
        let key: LedgerKey = try entry.xdr("key")
        found.entries[key] = LiveLedgerEntry(
          data: try entry.xdr("xdr"),
          lastModified: try entry.ledger("lastModifiedLedgerSeq"),
          liveUntil: item["liveUntilLedgerSeq"]?.asInteger().map { LedgerSequence($0) })
      }
      return found
    }
  }
}
