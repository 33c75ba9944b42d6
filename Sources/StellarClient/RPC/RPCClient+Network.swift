import JSON
package import KaleRules

/// How a node is.
package struct NodeHealth: Sendable, Hashable {
  package let latest: LedgerTick
  package let oldestLedger: LedgerSequence
  /// Ledgers.
  package let retentionWindow: UInt32
}

/// Which network a node is of.
package struct NodeNetwork: Sendable, Hashable {
  package let passphrase: String
  package let protocolVersion: UInt32
  package let friendbotURL: String?
}

/// A closed ledger.
package struct LedgerTick: Sendable, Hashable {
  package let sequence: LedgerSequence
  /// Unix seconds. Two ledgers may share a second.
  package let closeTime: UInt64

  package init(sequence: LedgerSequence, closeTime: UInt64) {
    self.sequence = sequence
    self.closeTime = closeTime
  }
}

/// What others paid for inclusion, in stroops an operation.
package struct FeeStats: Sendable, Hashable {
  package struct Distribution: Sendable, Hashable {
    package let min: Int64
    package let max: Int64
    package let mode: Int64
    package let p50: Int64
    package let p90: Int64
    package let p99: Int64
  }

  package let soroban: Distribution
  package let classic: Distribution
  package let latestLedger: LedgerSequence
}

extension RPCClient {
  /// Throws `outcomeUnknown` where the node itself says that it is behind.
  package func getHealth() async throws(RPCError) -> NodeHealth { try await getHealth(.any) }

  func getHealth(_ choice: NodeChoice) async throws(RPCError) -> NodeHealth {
    try await call("getHealth", choice: choice) { fields throws(RPCError) in
      NodeHealth(
        latest: LedgerTick(
          sequence: try fields.ledger("latestLedger"),
          closeTime: try fields.time("latestLedgerCloseTime")),
        oldestLedger: try fields.ledger("oldestLedger"),
        retentionWindow: try fields.integer("ledgerRetentionWindow"))
    }
  }

  package func getNetwork() async throws(RPCError) -> NodeNetwork { try await getNetwork(.any) }

  func getNetwork(_ choice: NodeChoice) async throws(RPCError) -> NodeNetwork {
    try await call("getNetwork", choice: choice) { fields throws(RPCError) in
      NodeNetwork(
        passphrase: try fields.string("passphrase"),
        protocolVersion: try fields.integer("protocolVersion"),
        friendbotURL: fields.value["friendbotUrl"]?.asString)
    }
  }

  /// What each node says of its network, in their order.
  package func getNetworkOfEachNode() async -> [(
    endpoint: String, answer: Result<NodeNetwork, RPCError>
  )] {
    var answers: [(endpoint: String, answer: Result<NodeNetwork, RPCError>)] = []
    for (index, endpoint) in settings.endpoints.enumerated() {
      do throws(RPCError) {
        answers.append((endpoint, .success(try await getNetwork(.only(index)))))
      } catch {
        answers.append((endpoint, .failure(error)))
      }
    }
    return answers
  }

  /// The node's program, e.g. `28.0.0`.
  package func getVersion() async throws(RPCError) -> String {
    try await call("getVersionInfo") { fields throws(RPCError) in try fields.string("version") }
  }

  /// The last closed ledger. Its header's XDR is left alone: its form changes with protocols.
  package func getLatestLedger() async throws(RPCError) -> LedgerTick {
    try await getLatestLedger(.any)
  }

  func getLatestLedger(_ choice: NodeChoice) async throws(RPCError) -> LedgerTick {
    try await call("getLatestLedger", choice: choice) { fields throws(RPCError) in
      LedgerTick(
        sequence: try fields.ledger("sequence"),
        closeTime: try fields.time("closeTime"))
    }
  }

  package func getFeeStats() async throws(RPCError) -> FeeStats {
    try await call("getFeeStats") { fields throws(RPCError) in
      FeeStats(
        soroban: try FeeStats.Distribution(fields, "sorobanInclusionFee"),
        classic: try FeeStats.Distribution(fields, "inclusionFee"),
        latestLedger: try fields.ledger("latestLedger"))
    }
  }
}

extension FeeStats.Distribution {
  fileprivate init(_ fields: RPCFields, _ name: String) throws(RPCError) {
    let fields = RPCFields(fields.value[name] ?? .null, "\(fields.method) \(name)")
    self.init(
      min: try fields.integer("min"), max: try fields.integer("max"),
      mode: try fields.integer("mode"), p50: try fields.integer("p50"),
      p90: try fields.integer("p90"), p99: try fields.integer("p99"))
  }
}
