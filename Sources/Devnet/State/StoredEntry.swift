package import StellarXDR

/// A ledger entry and how long it lives.
package struct StoredEntry: Hashable, Sendable {
  package var entry: LedgerEntry
  /// The last ledger in which it can be used; nil for classic entries, which live for ever.
  package var liveUntil: UInt32?

  package init(_ data: LedgerEntryData, lastModified: UInt32 = 0, liveUntil: UInt32? = nil) {
    entry = LedgerEntry(lastModified: lastModified, data: data)
    self.liveUntil = liveUntil
  }

  package var data: LedgerEntryData {
    get { entry.data }
    set { entry.data = newValue }
  }

  package var account: AccountEntry? {
    if case .account(let account) = data { account } else { nil }
  }

  package var trustline: TrustLineEntry? {
    if case .trustline(let line) = data { line } else { nil }
  }

  package var contractValue: SCVal? {
    if case .contractData(let data) = data { data.value } else { nil }
  }

  func isLive(in sequence: UInt32) -> Bool { liveUntil.map { $0 >= sequence } ?? true }

  /// Whose time runs out for good.
  var isTemporary: Bool {
    if case .contractData(let data) = data { data.durability == .temporary } else { false }
  }

  var isCode: Bool { if case .contractCode = data { true } else { false } }

  /// Bytes on the ledger, by which writing and rent are priced.
  var byteCount: Int { entry.xdr.count }
}
