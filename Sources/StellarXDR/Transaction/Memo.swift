package import Bytes

/// A note on a transaction. Soroban transactions carry none.
package enum Memo: XDRCodable {
  case none
  /// At most 28 bytes.
  case text([UInt8])
  case id(UInt64)
  case hash(Bytes32)
  case returnHash(Bytes32)

  package init(from reader: inout XDRReader) throws(XDRError) {
    switch try reader.i32() {
    case 0: self = .none
    case 1: self = .text(try reader.opaque(max: 28))
    case 2: self = .id(try reader.u64())
    case 3: self = .hash(try reader.bytes32())
    case 4: self = .returnHash(try reader.bytes32())
    case let type: throw .unknownArm(type: "Memo", value: type)
    }
  }

  package func encode(to writer: inout XDRWriter) {
    switch self {
    case .none: writer.u32(0)
    case .text(let text):
      writer.u32(1)
      writer.opaque(text)
    case .id(let id):
      writer.u32(2)
      writer.u64(id)
    case .hash(let hash):
      writer.u32(3)
      writer.bytes32(hash)
    case .returnHash(let hash):
      writer.u32(4)
      writer.bytes32(hash)
    }
  }
}
