package import Bytes

/// Who or what may sign for an account.
package enum SignerKey: XDRCodable {
  case ed25519(Bytes32)
  case preAuthTransaction(Bytes32)
  case hashX(Bytes32)
  case signedPayload(key: Bytes32, payload: [UInt8])

  package init(from reader: inout XDRReader) throws(XDRError) {
    switch try reader.i32() {
    case 0: self = .ed25519(try reader.bytes32())
    case 1: self = .preAuthTransaction(try reader.bytes32())
    case 2: self = .hashX(try reader.bytes32())
    case 3: self = .signedPayload(key: try reader.bytes32(), payload: try reader.opaque(max: 64))
    case let type: throw .unknownArm(type: "SignerKey", value: type)
    }
  }

  package func encode(to writer: inout XDRWriter) {
    switch self {
    case .ed25519(let key):
      writer.u32(0)
      writer.bytes32(key)
    case .preAuthTransaction(let hash):
      writer.u32(1)
      writer.bytes32(hash)
    case .hashX(let hash):
      writer.u32(2)
      writer.bytes32(hash)
    case .signedPayload(let key, let payload):
      writer.u32(3)
      writer.bytes32(key)
      writer.opaque(payload)
    }
  }
}

/// A signer with its weight (0...255).
package struct Signer: XDRCodable {
  package var key: SignerKey
  package var weight: UInt32

  package init(key: SignerKey, weight: UInt32) {
    self.key = key
    self.weight = weight
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    key = try reader.value()
    weight = try reader.u32()
  }

  package func encode(to writer: inout XDRWriter) {
    writer.value(key)
    writer.u32(weight)
  }
}
