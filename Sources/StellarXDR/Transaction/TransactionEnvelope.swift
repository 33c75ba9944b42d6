package import Bytes

/// A transaction with its signatures, as it is sent.
package enum TransactionEnvelope: XDRCodable {
  case transaction(Transaction, signatures: [DecoratedSignature])
  case feeBump(FeeBumpTransaction, signatures: [DecoratedSignature])

  package init(from reader: inout XDRReader) throws(XDRError) {
    switch try reader.i32() {
    case EnvelopeType.transaction.rawValue:
      self = .transaction(try reader.value(), signatures: try reader.list(max: 20))
    case EnvelopeType.feeBump.rawValue:
      self = .feeBump(try reader.value(), signatures: try reader.list(max: 20))
    case let type: throw .unknownArm(type: "TransactionEnvelope", value: type)
    }
  }

  package func encode(to writer: inout XDRWriter) {
    switch self {
    case .transaction(let transaction, let signatures):
      writer.choice(EnvelopeType.transaction)
      writer.value(transaction)
      writer.list(signatures)
    case .feeBump(let bump, let signatures):
      writer.choice(EnvelopeType.feeBump)
      writer.value(bump)
      writer.list(signatures)
    }
  }

  /// The hash by which the network knows it.
  package func hash(networkID: Bytes32) -> Bytes32 {
    switch self {
    case .transaction(let transaction, _): transaction.hash(networkID: networkID)
    case .feeBump(let bump, _): bump.hash(networkID: networkID)
    }
  }

  package var signatures: [DecoratedSignature] {
    get {
      switch self {
      case .transaction(_, let signatures), .feeBump(_, let signatures): signatures
      }
    }
    set {
      switch self {
      case .transaction(let transaction, _):
        self = .transaction(transaction, signatures: newValue)
      case .feeBump(let bump, _): self = .feeBump(bump, signatures: newValue)
      }
    }
  }

  /// The transaction, or the one inside a fee bump.
  package var inner: Transaction {
    switch self {
    case .transaction(let transaction, _): transaction
    case .feeBump(let bump, _): bump.inner
    }
  }
}
