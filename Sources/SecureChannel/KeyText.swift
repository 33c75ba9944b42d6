package import Bytes

/// The kinds of key a person handles, each with its own first letter, so that none is taken for
/// another. Source: PROTOCOL.md, "Keys".
package enum KeyKind: UInt8, Sendable, CaseIterable {
  case agentPublic = 0
  case enrolmentToken = 0x20
  case serverPublic = 0x38
  case agentSecret = 0x50
  case serverSecret = 0xC8

  /// What the payload has in bytes.
  package var payloadBytes: Int { self == .enrolmentToken ? 16 : 32 }

  /// The first letter of the text form.
  package var letter: Character {
    switch self {
    case .agentPublic: "A"
    case .enrolmentToken: "E"
    case .serverPublic: "H"
    case .agentSecret: "K"
    case .serverSecret: "Z"
    }
  }

  package var name: String {
    switch self {
    case .agentPublic: "an agent's public key (A…)"
    case .enrolmentToken: "an enrolment token (E…)"
    case .serverPublic: "a coordinator's public key (H…)"
    case .agentSecret: "an agent's secret key (K…)"
    case .serverSecret: "a coordinator's secret key (Z…)"
    }
  }
}

/// Why a text is not the key that was wanted. The message never repeats the text: it may be secret.
package struct KeyTextError: Error, Sendable, Equatable, CustomStringConvertible {
  package let wanted: KeyKind
  package let problem: String

  package var description: String { "this is not \(wanted.name): \(problem)" }
}

/// The typed text form of keys: base32 of type byte, payload, CRC-16/XMODEM little-endian.
package enum KeyText {
  package static func encode(_ kind: KeyKind, _ payload: [UInt8]) -> String {
    precondition(payload.count == kind.payloadBytes)
    let body = [kind.rawValue] + payload
    let crc = CRC16.xmodem(body)
    return Base32.encode(body + [UInt8(truncatingIfNeeded: crc), UInt8(crc >> 8)])
  }

  /// The payload of `text`, which must be of `kind`; spaces around it are forgiven.
  package static func decode(_ text: String, as kind: KeyKind) throws(KeyTextError) -> [UInt8] {
    let trimmed = text.trimmed
    guard let bytes = Base32.decode(trimmed), bytes.count >= 3 else {
      throw KeyTextError(wanted: kind, problem: "it has characters or a length no key has")
    }
    let body = bytes.dropLast(2)
    let crc = UInt16(bytes[bytes.count - 2]) | UInt16(bytes[bytes.count - 1]) << 8
    guard CRC16.xmodem(body) == crc else {
      throw KeyTextError(
        wanted: kind, problem: "its check sum is wrong, so a character was lost or changed")
    }
    guard let found = KeyKind(rawValue: bytes[0]) else {
      throw KeyTextError(wanted: kind, problem: "it is another kind of key")
    }
    guard found == kind else {
      throw KeyTextError(wanted: kind, problem: "it is \(found.name)")
    }
    guard body.count == 1 + kind.payloadBytes else {
      throw KeyTextError(wanted: kind, problem: "it has the wrong length")
    }
    return Array(body.dropFirst())
  }

  /// A public key, which must also be canonical.
  package static func publicKey(_ text: String, as kind: KeyKind) throws(KeyTextError) -> Bytes32 {
    let payload = try decode(text, as: kind)
    guard let key = Bytes32(payload), key.isCanonicalPublicKey else {
      throw KeyTextError(wanted: kind, problem: "no such key exists")
    }
    return key
  }
}

extension String {
  fileprivate var trimmed: String {
    var text = Substring(self)
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
  }
}
