package import Bytes
import Sodium

/// A ledger's header. Its form changes with protocols: never decode one on a path that must not
/// fail.
package struct LedgerHeader: XDRCodable {
  package var version: UInt32
  package var previousHash: Bytes32
  package var value: StellarValue
  package var transactionSetResultHash: Bytes32
  package var bucketListHash: Bytes32
  package var sequence: UInt32
  /// Stroops.
  package var totalCoins: Int64
  package var feePool: Int64
  package var inflationSequence: UInt32
  package var idPool: UInt64
  /// Stroops an operation.
  package var baseFee: UInt32
  /// Stroops.
  package var baseReserve: UInt32
  package var transactionSetSizeMax: UInt32
  /// Four hashes of earlier ledgers.
  package var skipList: [Bytes32]
  /// Present with extension 1 only.
  package var flags: UInt32?

  package init(
    version: UInt32, previousHash: Bytes32, value: StellarValue,
    transactionSetResultHash: Bytes32, bucketListHash: Bytes32, sequence: UInt32,
    totalCoins: Int64, feePool: Int64, inflationSequence: UInt32 = 0, idPool: UInt64 = 0,
    baseFee: UInt32, baseReserve: UInt32, transactionSetSizeMax: UInt32,
    skipList: [Bytes32] = Array(repeating: .zero, count: 4)
  ) {
    precondition(skipList.count == 4)
    self.version = version
    self.previousHash = previousHash
    self.value = value
    self.transactionSetResultHash = transactionSetResultHash
    self.bucketListHash = bucketListHash
    self.sequence = sequence
    self.totalCoins = totalCoins
    self.feePool = feePool
    self.inflationSequence = inflationSequence
    self.idPool = idPool
    self.baseFee = baseFee
    self.baseReserve = baseReserve
    self.transactionSetSizeMax = transactionSetSizeMax
    self.skipList = skipList
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    version = try reader.u32()
    previousHash = try reader.bytes32()
    value = try reader.value()
    transactionSetResultHash = try reader.bytes32()
    bucketListHash = try reader.bytes32()
    sequence = try reader.u32()
    totalCoins = try reader.i64()
    feePool = try reader.i64()
    inflationSequence = try reader.u32()
    idPool = try reader.u64()
    baseFee = try reader.u32()
    baseReserve = try reader.u32()
    transactionSetSizeMax = try reader.u32()
    skipList = [
      try reader.bytes32(), try reader.bytes32(), try reader.bytes32(), try reader.bytes32(),
    ]
    switch try reader.i32() {
    case 0: flags = nil
    case 1:
      flags = try reader.u32()
      try reader.noExtension(of: "LedgerHeaderExtensionV1")
    case let type: throw .unknownArm(type: "LedgerHeader ext", value: type)
    }
  }

  package func encode(to writer: inout XDRWriter) {
    writer.u32(version)
    writer.bytes32(previousHash)
    writer.value(value)
    writer.bytes32(transactionSetResultHash)
    writer.bytes32(bucketListHash)
    writer.u32(sequence)
    writer.i64(totalCoins)
    writer.i64(feePool)
    writer.u32(inflationSequence)
    writer.u64(idPool)
    writer.u32(baseFee)
    writer.u32(baseReserve)
    writer.u32(transactionSetSizeMax)
    for hash in skipList { writer.bytes32(hash) }
    writer.u32(flags == nil ? 0 : 1)
    if let flags {
      writer.u32(flags)
      writer.noExtension()
    }
  }

  /// The ledger's hash.
  package var hash: Bytes32 { sha256(xdr) }
}
