import StellarXDR

/// Which entries a call touches: noted down in a simulation, held to a declaration otherwise.
struct FootprintGuard {
  enum Mode {
    case recording
    case enforcing(readOnly: Set<LedgerKey>, readWrite: Set<LedgerKey>)
  }

  let mode: Mode
  private var touched: Set<LedgerKey> = []
  private var written: Set<LedgerKey> = []

  init(recording: Void) { mode = .recording }

  init(_ footprint: LedgerFootprint) {
    mode = .enforcing(
      readOnly: Set(footprint.readOnly), readWrite: Set(footprint.readWrite))
  }

  mutating func read(_ key: LedgerKey) throws(HostError) {
    switch mode {
    case .recording: touched.insert(key)
    case .enforcing(let readOnly, let readWrite):
      guard readOnly.contains(key) || readWrite.contains(key) else { throw .outsideFootprint }
    }
  }

  mutating func write(_ key: LedgerKey) throws(HostError) {
    switch mode {
    case .recording:
      touched.insert(key)
      written.insert(key)
    case .enforcing(_, let readWrite):
      guard readWrite.contains(key) else { throw .outsideFootprint }
    }
  }

  /// What was noted down, in the order of the keys' XDR.
  var recorded: LedgerFootprint {
    func sorted(_ keys: Set<LedgerKey>) -> [LedgerKey] {
      keys.map { ($0, $0.xdr) }.sorted { $0.1.lexicographicallyPrecedes($1.1) }.map(\.0)
    }
    return LedgerFootprint(
      readOnly: sorted(touched.subtracting(written)), readWrite: sorted(written))
  }
}
