package import Bytes
package import Sodium

/// The first word of everything that is hashed or enveloped.
package enum EnvelopeType: Int32, Sendable {
  case transaction = 2
  case feeBump = 5
  case contractID = 8
  case sorobanAuthorization = 9
  /// From protocol 27 on.
  case sorobanAuthorizationWithAddress = 10
}

/// Operations that happen together or not at all, under one sequence number.
package struct Transaction: XDRCodable {
  package var source: MuxedAccount
  /// The most that may be charged, in stroops.
  package var fee: UInt32
  /// The source's last sequence number + 1.
  package var sequence: Int64
  package var preconditions: Preconditions
  package var memo: Memo
  /// At most 100, exactly one with Soroban.
  package var operations: [Operation]
  package var sorobanData: SorobanTransactionData?

  package init(
    source: MuxedAccount, fee: UInt32, sequence: Int64, preconditions: Preconditions = .none,
    memo: Memo = .none, operations: [Operation], sorobanData: SorobanTransactionData? = nil
  ) {
    self.source = source
    self.fee = fee
    self.sequence = sequence
    self.preconditions = preconditions
    self.memo = memo
    self.operations = operations
    self.sorobanData = sorobanData
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    source = try reader.value()
    fee = try reader.u32()
    sequence = try reader.i64()
    preconditions = try reader.value()
    memo = try reader.value()
    operations = try reader.list(max: 100)
    sorobanData = try reader.optional()  // ext 0 or 1, like a flag
  }

  package func encode(to writer: inout XDRWriter) {
    writer.value(source)
    writer.u32(fee)
    writer.i64(sequence)
    writer.value(preconditions)
    writer.value(memo)
    writer.list(operations)
    writer.optional(sorobanData)
  }

  /// What is hashed: network id, envelope type, transaction.
  package func signaturePayload(networkID: Bytes32) -> [UInt8] {
    payload(self, .transaction, networkID)
  }

  /// The hash to sign, by which the network knows the transaction.
  package func hash(networkID: Bytes32) -> Bytes32 {
    sha256(signaturePayload(networkID: networkID))
  }

  /// The envelope with the signatures of `signers`.
  package func signed(by signers: [Ed25519KeyPair], networkID: Bytes32) -> TransactionEnvelope {
    let hash = hash(networkID: networkID)
    return .transaction(
      self, signatures: signers.map { DecoratedSignature(signing: hash, with: $0) })
  }
}

func payload(_ body: some XDRCodable, _ type: EnvelopeType, _ networkID: Bytes32) -> [UInt8] {
  var writer = XDRWriter()
  writer.bytes32(networkID)
  writer.choice(type)
  writer.value(body)
  return writer.bytes
}
