import Bytes
import StellarXDR

extension RPCMethods {
  /// A node that has heard of no ledger for so long calls itself unhealthy.
  private static let silenceMax = Duration.seconds(30)

  func getHealth() async throws(RPCFailure) -> JSON {
    let idle = await node.chain.idleTime
    let window = await node.read(for: "getHealth") { Window($0) }
    // A node that is behind has been silent for as long, by the ledgers' clock.
    let behind = await node.chain.read { $0.latest.closeTime } - window.latestTime
    let interval = await node.chain.interval
    let isSilent = interval.map { idle > max(Self.silenceMax, $0 * 6) } ?? false
    guard !isSilent, behind <= Self.silenceMax.components.seconds else {
      let seconds = max(idle.components.seconds, Int64(behind))
      throw .internal("latency (\(seconds)s) since last known ledger closed is too high")
    }
    return .object(
      [.init(name: "status", value: .string("healthy"))] + window.json + [
        .init(name: "ledgerRetentionWindow", value: .number(settings.retentionLedgers))
      ])
  }

  func getNetwork() -> JSON {
    .object([
      "friendbotUrl": .string(friendbotURL), "passphrase": .string(network.passphrase),
      "protocolVersion": .number(DevnetLedger.protocolVersion),
    ])
  }

  func getVersionInfo() -> JSON {
    .object([
      "version": .string("kalepool-devnet"), "commitHash": .string(""),
      "buildTimestamp": .string(""), "captiveCoreVersion": .string("kalepool-devnet"),
      "protocolVersion": .number(DevnetLedger.protocolVersion),
    ])
  }

  func getLatestLedger(_ parameters: RPCParameters) async throws(RPCFailure) -> JSON {
    let ledger = await node.read(for: "getLatestLedger") { $0.latest }
    return .object([
      .init(name: "id", value: .string("\(ledger.hash)")),
      .init(name: "protocolVersion", value: .number(DevnetLedger.protocolVersion)),
      .init(name: "sequence", value: .number(ledger.sequence)),
      .init(name: "closeTime", value: .text(ledger.closeTime)),
      try parameters.format.member("header", ledger.header, as: "LedgerHeader"),
      try parameters.format.member("metadata", ledger.metadata, as: "LedgerCloseMeta"),
    ])
  }

  func getFeeStats() async -> JSON {
    let (soroban, classic, latest) = await node.read(for: "getFeeStats") { ledger in
      let wide = ledger.history.newest(FeeWindow.soroban)
      let narrow = ledger.history.newest(FeeWindow.classic)
      return (
        FeeWindow(wide.flatMap(\.sorobanFees), ledgers: wide.count),
        FeeWindow(narrow.flatMap(\.classicFees), ledgers: narrow.count), ledger.latest.sequence
      )
    }
    return .object([
      "sorobanInclusionFee": soroban.json, "inclusionFee": classic.json,
      "latestLedger": .number(latest),
    ])
  }

  /// What was paid per operation in the newest ledgers.
  struct FeeWindow: Sendable {
    /// Ledgers looked at, as stellar-rpc does.
    static let soroban = 50
    static let classic = 10

    private let fees: [Int64]
    private let ledgers: Int

    init(_ fees: [Int64], ledgers: Int) {
      self.fees = fees.sorted()
      self.ledgers = ledgers
    }

    var json: JSON {
      let percentiles = [10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 99]
      return .object(
        [
          .init(name: "max", value: .text(fees.last ?? 0)),
          .init(name: "min", value: .text(fees.first ?? 0)),
          .init(name: "mode", value: .text(mode)),
        ]
          + percentiles.map { .init(name: "p\($0)", value: .text(percentile($0))) } + [
            .init(name: "transactionCount", value: .text(fees.count)),
            .init(name: "ledgerCount", value: .int(Int64(ledgers))),
          ])
    }

    private func percentile(_ percent: Int) -> Int64 {
      guard !fees.isEmpty else { return 0 }
      let rank = (percent * fees.count + 99) / 100
      return fees[max(0, rank - 1)]
    }

    private var mode: Int64 {
      var counts: [Int64: Int] = [:]
      for fee in fees { counts[fee, default: 0] += 1 }
      return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? 0
    }
  }
}
