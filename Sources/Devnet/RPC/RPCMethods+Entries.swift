import Bytes
import KaleRules
import StellarXDR

extension RPCMethods {
  /// Source: stellar.md §3.
  private static let keysMax = 200

  func getLedgerEntries(_ parameters: RPCParameters) async throws(RPCFailure) -> JSON {
    guard let texts = parameters["keys"]?.asArray, !texts.isEmpty else {
      throw .invalidParams("invalid parameters: keys must be an array of ledger keys")
    }
    guard texts.count <= Self.keysMax else {
      throw .invalidParams("key count (\(texts.count)) exceeds maximum supported (\(Self.keysMax))")
    }
    var keys: [LedgerKey] = []
    for (at, text) in texts.enumerated() {
      guard let text = text.asString, let key = try? LedgerKey(base64: text) else {
        throw .invalidParams("cannot unmarshal key value at index \(at)")
      }
      if case .ttl = key {
        throw .invalidParams("ledger ttl entries cannot be queried directly, at index \(at)")
      }
      keys.append(key)
    }
    guard Set(keys).count == keys.count else {
      throw .internal("could not obtain ledger entries: a key is given twice")
    }
    let wanted = keys
    let farm = LedgerKey.instance(of: network.farmContract)
    let (entries, latest) = await node.readEntries(for: "getLedgerEntries") {
      ledger, latest, falseIndex in
      let entries = wanted.map { key in
        let entry = ledger.entry(key) ?? ledger.archived(key)
        guard let falseIndex, key == farm else { return entry }
        return entry?.shiftingFarmIndex(by: falseIndex)
      }
      return (entries, latest)
    }
    var found: [JSON] = []
    for (key, stored) in zip(keys, entries) {
      if let stored { found.append(try Self.json(stored, at: key, parameters.format)) }
    }
    return .object(["entries": .array(found), "latestLedger": .number(latest)])
  }

  private static func json(_ stored: StoredEntry, at key: LedgerKey, _ format: XDRFormat)
    throws(RPCFailure) -> JSON
  {
    var members = [
      try format.member(base64: "key", json: "keyJson", key.xdr, as: "LedgerKey"),
      try format.member(base64: "xdr", json: "dataJson", stored.data.xdr, as: "LedgerEntryData"),
      .init(name: "lastModifiedLedgerSeq", value: .number(stored.entry.lastModified)),
    ]
    if let last = stored.liveUntil {
      members.append(.init(name: "liveUntilLedgerSeq", value: .number(last)))
    }
    members.append(try format.member("ext", stored.entry.ext.xdr, as: "LedgerEntryExt"))
    return .object(members)
  }
}

extension StoredEntry {
  /// The farm's instance with an index that it has not.
  fileprivate func shiftingFarmIndex(by shift: Int64) -> StoredEntry {
    guard case .contractData(var data) = self.data,
      case .contractInstance(let instance) = data.value,
      var farm = FarmStorage.instance(instance)
    else { return self }
    let index = Int64(farm.index.rawValue) + shift
    farm.storedIndex = BlockIndex(UInt32(clamping: index))
    data.value = .contractInstance(FarmStorage.storing(farm, in: instance))
    var entry = self
    entry.data = .contractData(data)
    return entry
  }
}
