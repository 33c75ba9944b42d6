import Bytes

/// An account, perhaps with an id that the chain carries and ignores.
package enum MuxedAccount: XDRCodable, CustomStringConvertible {
  case account(AccountID)
  case muxed(id: UInt64, AccountID)

  /// From `G…` or `M…`, or nil.
  package init?(_ text: String) {
    guard let (kind, payload) = StrKey.decode(text), let key = Bytes32(payload.prefix(32)) else {
      return nil
    }
    switch kind {
    case .account: self = .account(key)
    case .muxedAccount: self = .muxed(id: UInt64(bigEndian: payload[32...]), key)
    default: return nil
    }
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    switch try reader.i32() {
    case 0: self = .account(try reader.bytes32())
    case 0x100: self = .muxed(id: try reader.u64(), try reader.bytes32())
    case let type: throw .unknownArm(type: "MuxedAccount", value: type)
    }
  }

  package func encode(to writer: inout XDRWriter) {
    switch self {
    case .account(let key):
      writer.u32(0)
      writer.bytes32(key)
    case .muxed(let id, let key):
      writer.u32(0x100)
      writer.u64(id)
      writer.bytes32(key)
    }
  }

  /// The account itself.
  package var accountID: AccountID {
    switch self {
    case .account(let key), .muxed(_, let key): key
    }
  }

  /// `G…` or `M…`.
  package var description: String {
    switch self {
    case .account(let key): StrKey.account(key)
    case .muxed(let id, let key): StrKey.encode(.muxedAccount, key.bytes + id.bigEndianBytes)
    }
  }
}

extension UInt64 {
  init(bigEndian bytes: some Sequence<UInt8>) {
    self = bytes.reduce(0) { $0 << 8 | UInt64($1) }
  }

  var bigEndianBytes: [UInt8] {
    stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: self >> UInt64($0)) }
  }
}
