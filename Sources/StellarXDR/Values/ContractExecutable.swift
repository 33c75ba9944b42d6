package import Bytes

/// What runs behind a contract's address.
package enum ContractExecutable: XDRCodable {
  case wasm(hash: Bytes32)
  case stellarAsset
  /// Another contract's executable under a tag, from protocol 28 on.
  case externalReference(owner: SCAddress, tag: [UInt8])

  package init(from reader: inout XDRReader) throws(XDRError) {
    switch try reader.i32() {
    case 0: self = .wasm(hash: try reader.bytes32())
    case 1: self = .stellarAsset
    case 2: self = .externalReference(owner: try reader.value(), tag: try reader.opaque())
    case let type: throw .unknownArm(type: "ContractExecutable", value: type)
    }
  }

  package func encode(to writer: inout XDRWriter) {
    switch self {
    case .wasm(let hash):
      writer.u32(0)
      writer.bytes32(hash)
    case .stellarAsset: writer.u32(1)
    case .externalReference(let owner, let tag):
      writer.u32(2)
      writer.value(owner)
      writer.opaque(tag)
    }
  }
}
