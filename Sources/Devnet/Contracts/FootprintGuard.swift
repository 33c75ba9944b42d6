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
  private var restored: Set<LedgerKey> = []

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

  var isRecording: Bool { if case .recording = mode { true } else { false } }

  /// Notes down that an archived entry has to be restored, which writes it.
  mutating func restore(_ key: LedgerKey) {
    touched.insert(key)
    written.insert(key)
    restored.insert(key)
  }

  /// Which of the recorded writes are of archived entries.
  var restoredIndexes: [UInt32] {
    recorded.readWrite.enumerated().filter { restored.contains($0.element) }
      .map { UInt32($0.offset) }
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
