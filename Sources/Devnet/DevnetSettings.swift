package import StellarXDR

/// How a devnet runs. The defaults are the real network's, except that nobody else farms.
package struct DevnetSettings: Sendable {
  /// What a ledger adds to ledger time, whole seconds.
  package var ledgerSeconds: UInt64 = 5
  /// Seconds of ledger time from a farm block's opening until a plant opens the next.
  package var blockSeconds: UInt64 = 300
  /// Ledgers per wall-clock time: a ledger closes every `ledgerSeconds / speed` seconds.
  package var speed: Double = 1
  /// No timer: ledgers close by `devnet_advance` only.
  package var isManual = false
  /// The address to listen on.
  package var host = "127.0.0.1"
  /// The nodes, all over one chain; one at least.
  package var nodes = [NodeSettings()]
  /// Ledger time of the first ledger, Unix seconds; nil takes the wall clock.
  package var genesisTime: UInt64?
  /// The number of the first ledger.
  package var genesisLedger: UInt32 = 1_000
  /// How many ledgers of history are kept and served.
  package var retentionLedgers: UInt32 = 17_280
  /// The network's limits and prices at genesis.
  package var rules = NetworkRules.mainnet
  package var outside = OutsideSettings()
  /// The folder of snapshots; nil makes and reads none.
  package var snapshotFolder: String?
  /// Whether metas carry diagnostic events, as some nodes do.
  package var recordsDiagnostics = false
  /// The form of transactions' metas: version 4, or 3 as before protocol 23.
  package var metaVersion = TransactionMeta.Version.v4
  /// From which everything drawn follows: outside farmers and the order within a ledger.
  package var seed: UInt64 = 1

  package init() {}

  /// The first node's port.
  package var port: Int {
    get { nodes[0].port }
    set { nodes[0].port = newValue }
  }

  /// Ledgers that a temporary entry lives, its first included.
  package var temporaryLedgers: UInt32 {
    get { rules.archival.temporaryTTLMin }
    set { rules.archival.temporaryTTLMin = newValue }
  }

  /// Each has a socket and a task.
  package static let nodesMax = 64

  /// Throws where no chain can run with these.
  package func check() throws(DevnetError) {
    func need(_ isRight: Bool, _ message: String) throws(DevnetError) {
      if !isRight { throw DevnetError(.invalidSetting, message) }
    }
    let seconds: ClosedRange<UInt64> = 1...1 << 32
    try need(seconds.contains(ledgerSeconds), "ledger seconds must be within 1 and 2^32")
    try need(seconds.contains(blockSeconds), "block seconds must be within 1 and 2^32")
    try need((genesisTime ?? 0) <= 1 << 40, "the first ledger's time must be below 2^40")
    try need(speed > 0 && speed.isFinite, "speed must be above 0, 1 being real time")
    try need(
      !nodes.isEmpty && nodes.count <= Self.nodesMax, "there are 1 to \(Self.nodesMax) nodes")
    try need(
      nodes.allSatisfy { (0...65_535).contains($0.port) }, "ports must be within 0 and 65535")
    let ports = nodes.map(\.port).filter { $0 != 0 }
    try need(Set(ports).count == ports.count, "every node needs a port of its own")
    try need(
      nodes.allSatisfy { $0.lagLedgers <= StateUndo.ledgersMax },
      "a node can be \(StateUndo.ledgersMax) ledgers behind at most")
    try rules.check()
    try need(
      (1...1 << 30).contains(genesisLedger), "the first ledger's number must be within 1 and 2^30")
    try need(outside.farmers >= 0, "the number of outside farmers cannot be negative")
    try need(outside.stakes.lowerBound >= 0, "outside stakes cannot be negative")
    try need(outside.zeros.upperBound <= 64, "a hash has 64 zeros at most")
  }
}

/// One node's address and its steady lag.
package struct NodeSettings: Sendable {
  /// The port to listen on; 0 takes a free one.
  package var port: Int
  /// How many ledgers it is always behind.
  package var lagLedgers: UInt32

  package init(port: Int = 8000, lagLedgers: UInt32 = 0) {
    self.port = port
    self.lagLedgers = lagLedgers
  }
}

/// Farmers who are nobody's: they open blocks, plant and work so that a pool is not alone.
package struct OutsideSettings: Sendable {
  package var farmers = 0
  /// Zeros of their works, drawn evenly.
  package var zeros: ClosedRange<UInt32> = 4...7
  /// Their stakes, drawn evenly, in stroops.
  package var stakes: ClosedRange<Int64> = 0...500_000_000
  /// How many of them work at once, as some on the public network do; the others shortly before the
  /// block can close.
  package var hasty = 0
  /// How many ledgers after a block is due they open it, drawn evenly.
  package var openingDelay: ClosedRange<UInt32> = 0...1

  package init() {}
}
