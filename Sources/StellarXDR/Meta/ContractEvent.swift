package import Bytes

/// What a contract told the world.
package struct ContractEvent: XDRCodable {
  package enum Kind: Int32, Sendable {
    case system = 0
    case contract = 1
    case diagnostic = 2
  }

  package var contract: Bytes32?
  package var kind: Kind
  package var topics: [SCVal]
  package var data: SCVal

  package init(contract: Bytes32?, kind: Kind, topics: [SCVal], data: SCVal) {
    self.contract = contract
    self.kind = kind
    self.topics = topics
    self.data = data
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    try reader.noExtension(of: "ContractEvent")
    contract = try reader.optional()
    kind = try reader.choice()
    try reader.noExtension(of: "ContractEvent body")
    topics = try reader.list()
    data = try reader.value()
  }

  package func encode(to writer: inout XDRWriter) {
    writer.noExtension()
    writer.optional(contract)
    writer.choice(kind)
    writer.noExtension()
    writer.list(topics)
    writer.value(data)
  }
}

/// An event kept for diagnosis; not hashed, and not kept by every node.
package struct DiagnosticEvent: XDRCodable {
  package var inSuccessfulContractCall: Bool
  package var event: ContractEvent

  package init(inSuccessfulContractCall: Bool, event: ContractEvent) {
    self.inSuccessfulContractCall = inSuccessfulContractCall
    self.event = event
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    inSuccessfulContractCall = try reader.bool()
    event = try reader.value()
  }

  package func encode(to writer: inout XDRWriter) {
    writer.bool(inSuccessfulContractCall)
    writer.value(event)
  }
}

/// An event of a transaction as a whole, such as its fee.
package struct TransactionEvent: XDRCodable {
  package enum Stage: Int32, Sendable {
    case beforeAllTransactions = 0
    case afterTransaction = 1
    case afterAllTransactions = 2
  }

  package var stage: Stage
  package var event: ContractEvent

  package init(stage: Stage, event: ContractEvent) {
    self.stage = stage
    self.event = event
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    stage = try reader.choice()
    event = try reader.value()
  }

  package func encode(to writer: inout XDRWriter) {
    writer.choice(stage)
    writer.value(event)
  }
}
