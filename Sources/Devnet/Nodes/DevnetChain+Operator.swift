import Bytes
import StellarXDR

/// What an operator may do with the chain as a whole.
extension DevnetChain {
  /// Wall-clock time between two ledgers; nil while the clock stands.
  var interval: Duration? {
    speed.map { .seconds(Double(ledger.settings.ledgerSeconds) / $0) }
  }

  /// Entries that the next ledger begins with; nil removes. Throws where the rules would make no sense.
  func order(_ entries: [LedgerKey: StoredEntry?]) throws(DevnetError) {
    var rules = ledger.rules
    for case .configSetting(let setting)? in entries.values.map({ $0?.data }) {
      rules.take(setting)
    }
    try rules.check()
    ledger.ordered.merge(entries) { _, new in new }
  }

  /// The chain in a form that ``restore(_:)`` takes, and what it hashes to.
  func snapshot() -> (bytes: [UInt8], stateHash: Bytes32) {
    (ledger.snapshot, ledger.stateHash)
  }

  /// Takes a snapshot's chain in place of this one. Faults stay.
  func restore(_ bytes: [UInt8]) throws(DevnetError) -> Bytes32 {
    do throws(XDRError) {
      ledger = try ledger.restored(from: bytes)
    } catch {
      throw DevnetError(.invalidSetting, "this is no snapshot of such a devnet: \(error)")
    }
    delayed = []
    return ledger.stateHash
  }
}
