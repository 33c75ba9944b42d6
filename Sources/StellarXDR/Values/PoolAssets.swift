package import Bytes

/// What a trustline is for: an asset or a share of a liquidity pool.
package enum TrustLineAsset: XDRCodable {
  case asset(Asset)
  case pool(Bytes32)

  package init(from reader: inout XDRReader) throws(XDRError) {
    let type = try reader.i32()
    if type == 3 {
      self = .pool(try reader.bytes32())
    } else if let asset = try Asset(type: type, from: &reader) {
      self = .asset(asset)
    } else {
      throw .unknownArm(type: "TrustLineAsset", value: type)
    }
  }

  package func encode(to writer: inout XDRWriter) {
    switch self {
    case .asset(let asset): writer.value(asset)
    case .pool(let id):
      writer.u32(3)
      writer.bytes32(id)
    }
  }
}

/// What a trustline is asked for. A pool is named by its two assets and its fee in basis points.
package enum ChangeTrustAsset: XDRCodable {
  case asset(Asset)
  case pool(a: Asset, b: Asset, feeBasisPoints: Int32)

  package init(from reader: inout XDRReader) throws(XDRError) {
    let type = try reader.i32()
    if type == 3 {
      let kind = try reader.i32()
      guard kind == 0 else { throw .unknownArm(type: "LiquidityPoolParameters", value: kind) }
      self = .pool(
        a: try reader.value(), b: try reader.value(), feeBasisPoints: try reader.i32())
    } else if let asset = try Asset(type: type, from: &reader) {
      self = .asset(asset)
    } else {
      throw .unknownArm(type: "ChangeTrustAsset", value: type)
    }
  }

  package func encode(to writer: inout XDRWriter) {
    switch self {
    case .asset(let asset): writer.value(asset)
    case .pool(let a, let b, let fee):
      writer.u32(3)
      writer.u32(0)
      writer.value(a)
      writer.value(b)
      writer.i32(fee)
    }
  }
}
