package import Bytes

/// The text forms of keys and ids: base32 of version byte, payload and CRC16 (SEP-23).
package enum StrKey {
  package enum Kind: UInt8, CaseIterable, Sendable {
    case account = 0x30  // G: 6 << 3
    case seed = 0x90  // S: 18 << 3
    case contract = 0x10  // C: 2 << 3
    case muxedAccount = 0x60  // M: 12 << 3
    case preAuthTransaction = 0x98  // T: 19 << 3
    case hashX = 0xB8  // X: 23 << 3
    case signedPayload = 0x78  // P: 15 << 3
    case claimableBalance = 0x08  // B: 1 << 3
    case liquidityPool = 0x58  // L: 11 << 3
    case muxedContract = 0xB0  // W: 22 << 3, protocol 30

    /// Whether `payload` has this kind's length and inner form.
    package func allows(_ payload: [UInt8]) -> Bool {
      switch self {
      case .account, .seed, .contract, .preAuthTransaction, .hashX, .liquidityPool:
        return payload.count == 32
      case .muxedAccount, .muxedContract: return payload.count == 40
      case .claimableBalance: return payload.count == 33 && payload[0] == 0
      case .signedPayload:
        // 32 bytes of key, then an XDR opaque<64> that is not empty.
        guard payload.count > 36 else { return false }
        var reader = XDRReader(Array(payload[32...]))
        guard let inner = try? reader.opaque(max: 64), !inner.isEmpty else { return false }
        return reader.left == 0
      }
    }
  }

  /// The longest text: a signed payload of 64 bytes.
  package static let textMax = 165

  package static func encode(_ kind: Kind, _ payload: [UInt8]) -> String {
    precondition(kind.allows(payload), "wrong payload for this kind of key")
    let body = [kind.rawValue] + payload
    let crc = CRC16.xmodem(body)
    return Base32.encode(body + [UInt8(crc & 0xFF), UInt8(crc >> 8)])
  }

  /// Kind and payload of any valid text, or nil.
  package static func decode(_ text: String) -> (kind: Kind, payload: [UInt8])? {
    guard text.utf8.count <= textMax, let bytes = Base32.decode(text), bytes.count > 3,
      let kind = Kind(rawValue: bytes[0])
    else { return nil }
    let body = bytes.dropLast(2)
    let crc = CRC16.xmodem(body)
    let payload = Array(body.dropFirst())
    guard bytes[bytes.count - 2] == UInt8(crc & 0xFF), bytes[bytes.count - 1] == UInt8(crc >> 8),
      kind.allows(payload)
    else { return nil }
    return (kind, payload)
  }

  /// The payload of a valid text of this kind, or nil.
  package static func decode(_ text: String, as kind: Kind) -> [UInt8]? {
    guard let decoded = decode(text), decoded.kind == kind else { return nil }
    return decoded.payload
  }

  /// `G…`
  package static func account(_ key: Bytes32) -> String { encode(.account, key.bytes) }

  /// `C…`
  package static func contract(_ id: Bytes32) -> String { encode(.contract, id.bytes) }

  /// The key of a `G…` text, or nil.
  package static func account(_ text: String) -> Bytes32? {
    decode(text, as: .account).flatMap { Bytes32($0) }
  }

  /// The id of a `C…` text, or nil.
  package static func contract(_ text: String) -> Bytes32? {
    decode(text, as: .contract).flatMap { Bytes32($0) }
  }
}
