package import Bytes

/// What the validators agreed on for a ledger.
package struct StellarValue: XDRCodable {
  package struct Signature: XDRCodable {
    package var node: AccountID
    package var signature: [UInt8]

    package init(node: AccountID, signature: [UInt8]) {
      self.node = node
      self.signature = signature
    }

    package init(from reader: inout XDRReader) throws(XDRError) {
      node = try reader.accountID()
      signature = try reader.opaque(max: 64)
    }

    package func encode(to writer: inout XDRWriter) {
      writer.accountID(node)
      writer.opaque(signature)
    }
  }

  package var transactionSetHash: Bytes32
  /// Unix seconds.
  package var closeTime: UInt64
  /// Each at most 128 bytes of XDR, at most six.
  package var upgrades: [[UInt8]]
  /// Nil for the basic form. The forms of protocol 28 and 30 are unknown arms.
  package var signature: Signature?

  package init(
    transactionSetHash: Bytes32, closeTime: UInt64, upgrades: [[UInt8]] = [],
    signature: Signature? = nil
  ) {
    self.transactionSetHash = transactionSetHash
    self.closeTime = closeTime
    self.upgrades = upgrades
    self.signature = signature
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    transactionSetHash = try reader.bytes32()
    closeTime = try reader.u64()
    let count = try reader.itemCount()
    guard count <= 6 else { throw .tooLong(count: count, max: 6) }
    upgrades = []
    for _ in 0..<count { upgrades.append(try reader.opaque(max: 128)) }
    switch try reader.i32() {
    case 0: signature = nil
    case 1: signature = try reader.value()
    case let type: throw .unknownArm(type: "StellarValue ext", value: type)
    }
  }

  package func encode(to writer: inout XDRWriter) {
    writer.bytes32(transactionSetHash)
    writer.u64(closeTime)
    writer.u32(UInt32(upgrades.count))
    for upgrade in upgrades { writer.opaque(upgrade) }
    writer.optional(signature)  // ext 0 or 1, like a flag
  }
}
