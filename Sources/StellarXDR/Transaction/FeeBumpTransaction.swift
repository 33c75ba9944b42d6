package import Bytes
package import Sodium

/// A signed transaction whose fee another account pays.
package struct FeeBumpTransaction: XDRCodable {
  package var feeSource: MuxedAccount
  /// The most that may be charged for both, in stroops.
  package var fee: Int64
  package var inner: Transaction
  package var innerSignatures: [DecoratedSignature]

  package init(
    feeSource: MuxedAccount, fee: Int64, inner: Transaction, innerSignatures: [DecoratedSignature]
  ) {
    self.feeSource = feeSource
    self.fee = fee
    self.inner = inner
    self.innerSignatures = innerSignatures
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    feeSource = try reader.value()
    fee = try reader.i64()
    let type = try reader.i32()
    guard type == EnvelopeType.transaction.rawValue else {
      throw .unknownArm(type: "FeeBumpTransaction innerTx", value: type)
    }
    inner = try reader.value()
    innerSignatures = try reader.list(max: 20)
    try reader.noExtension(of: "FeeBumpTransaction")
  }

  package func encode(to writer: inout XDRWriter) {
    writer.value(feeSource)
    writer.i64(fee)
    writer.choice(EnvelopeType.transaction)
    writer.value(inner)
    writer.list(innerSignatures)
    writer.noExtension()
  }

  /// What is hashed, the inner signatures included.
  package func signaturePayload(networkID: Bytes32) -> [UInt8] {
    payload(self, .feeBump, networkID)
  }

  package func hash(networkID: Bytes32) -> Bytes32 {
    sha256(signaturePayload(networkID: networkID))
  }

  package func signed(by signers: [Ed25519KeyPair], networkID: Bytes32) -> TransactionEnvelope {
    let hash = hash(networkID: networkID)
    return .feeBump(self, signatures: signers.map { DecoratedSignature(signing: hash, with: $0) })
  }
}
