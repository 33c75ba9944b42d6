package import Bytes
import Sodium

/// The transactions of a ledger, before they are put in order: a classic phase, then a Soroban
/// phase of stages whose clusters run in parallel.
package struct GeneralizedTransactionSet: XDRCodable {
  package enum Phase: XDRCodable {
    case sequential([Component])
    case parallel(baseFee: Int64?, stages: [[[TransactionEnvelope]]])
  }

  /// Transactions that pay at most `baseFee` stroops an operation, if that is set.
  package struct Component: XDRCodable {
    package var baseFee: Int64?
    package var transactions: [TransactionEnvelope]

    package init(baseFee: Int64?, transactions: [TransactionEnvelope]) {
      self.baseFee = baseFee
      self.transactions = transactions
    }

    package init(from reader: inout XDRReader) throws(XDRError) {
      let type = try reader.i32()
      guard type == 0 else { throw .unknownArm(type: "TxSetComponent", value: type) }
      baseFee = try reader.optional()
      transactions = try reader.list()
    }

    package func encode(to writer: inout XDRWriter) {
      writer.u32(0)
      writer.optional(baseFee)
      writer.list(transactions)
    }
  }

  package var previousLedgerHash: Bytes32
  package var phases: [Phase]

  package init(previousLedgerHash: Bytes32, phases: [Phase]) {
    self.previousLedgerHash = previousLedgerHash
    self.phases = phases
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    let version = try reader.i32()
    guard version == 1 else {
      throw .unknownArm(type: "GeneralizedTransactionSet", value: version)
    }
    previousLedgerHash = try reader.bytes32()
    phases = try reader.list()
  }

  package func encode(to writer: inout XDRWriter) {
    writer.u32(1)
    writer.bytes32(previousLedgerHash)
    writer.list(phases)
  }

  package var hash: Bytes32 { sha256(xdr) }
}

extension GeneralizedTransactionSet.Phase {
  package init(from reader: inout XDRReader) throws(XDRError) {
    switch try reader.i32() {
    case 0: self = .sequential(try reader.list())
    case 1:
      let baseFee: Int64? = try reader.optional()
      var stages: [[[TransactionEnvelope]]] = []
      for _ in 0..<(try reader.itemCount()) {
        var clusters: [[TransactionEnvelope]] = []
        for _ in 0..<(try reader.itemCount()) { clusters.append(try reader.list()) }
        stages.append(clusters)
      }
      self = .parallel(baseFee: baseFee, stages: stages)
    case let type: throw .unknownArm(type: "TransactionPhase", value: type)
    }
  }

  package func encode(to writer: inout XDRWriter) {
    switch self {
    case .sequential(let components):
      writer.u32(0)
      writer.list(components)
    case .parallel(let baseFee, let stages):
      writer.u32(1)
      writer.optional(baseFee)
      writer.u32(UInt32(stages.count))
      for clusters in stages {
        writer.u32(UInt32(clusters.count))
        for cluster in clusters { writer.list(cluster) }
      }
    }
  }
}
