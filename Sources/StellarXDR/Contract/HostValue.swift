/// The 64-bit form in which a contract's functions take and give values: a tag in the low 8 bits,
/// a body in the high 56. Source: rs-soroban-env, soroban-env-common/src/val.rs.
package enum HostValue: Hashable, Sendable {
  /// The whole value is in the 64 bits.
  case small(UInt64)
  /// The host keeps it and hands out a handle under this tag.
  case object(tag: UInt8)

  /// Nil for what contracts never see as such a value: instances and keys of the ledger's own.
  package init?(_ value: SCVal) {
    switch value {
    case .bool(let value): self = .small(value ? 1 : 0)
    case .void: self = .small(2)
    case .error(.contract(let code)): self = Self.pair(tag: 3, major: code, minor: 0)
    case .error(.host(let source, let code)):
      self = Self.pair(
        tag: 3, major: UInt32(code.rawValue), minor: UInt32(source.rawValue))
    case .u32(let value): self = Self.pair(tag: 4, major: value, minor: 0)
    case .i32(let value): self = Self.pair(tag: 5, major: UInt32(bitPattern: value), minor: 0)
    case .u64(let value): self = Self.unsigned(UInt128(value), small: 6, object: 64)
    case .i64(let value): self = Self.signed(Int128(value), small: 7, object: 65)
    case .timepoint(let value): self = Self.unsigned(UInt128(value), small: 8, object: 66)
    case .duration(let value): self = Self.unsigned(UInt128(value), small: 9, object: 67)
    case .u128(let value): self = Self.unsigned(value, small: 10, object: 68)
    case .i128(let value): self = Self.signed(value, small: 11, object: 69)
    case .u256(let value):
      let isNarrow = value.words[0] == 0 && value.words[1] == 0 && value.words[2] == 0
      self =
        isNarrow ? Self.unsigned(UInt128(value.words[3]), small: 12, object: 70) : .object(tag: 70)
    case .i256(let value):
      let low = Int64(bitPattern: value.words[3])
      let sign: UInt64 = low < 0 ? .max : 0
      let isNarrow = value.words[0...2].allSatisfy { $0 == sign }
      self = isNarrow ? Self.signed(Int128(low), small: 13, object: 71) : .object(tag: 71)
    case .bytes: self = .object(tag: 72)
    case .string: self = .object(tag: 73)
    case .symbol(let symbol): self = Self.symbol(symbol)
    case .vec: self = .object(tag: 75)
    case .map: self = .object(tag: 76)
    case .address: self = .object(tag: 77)
    case .executableTag: self = .object(tag: 79)
    case .contractInstance, .ledgerKeyContractInstance, .ledgerKeyNonce: return nil
    }
  }

  private static func pair(tag: UInt64, major: UInt32, minor: UInt32) -> HostValue {
    .small(UInt64(major) << 32 | UInt64(minor) << 8 | tag)
  }

  private static func unsigned(_ value: UInt128, small: UInt64, object: UInt8) -> HostValue {
    value < 1 << 56 ? .small(UInt64(value) << 8 | small) : .object(tag: object)
  }

  private static func signed(_ value: Int128, small: UInt64, object: UInt8) -> HostValue {
    (-1 << 55..<1 << 55).contains(value)
      ? .small(UInt64(bitPattern: Int64(value)) << 8 | small) : .object(tag: object)
  }

  /// Up to nine characters of six bits, the last one lowest.
  private static func symbol(_ symbol: String) -> HostValue {
    guard symbol.utf8.count <= 9 else { return .object(tag: 74) }
    var body: UInt64 = 0
    for letter in symbol.utf8 {
      let code: UInt8 =
        switch letter {
        case UInt8(ascii: "_"): 1
        case UInt8(ascii: "0")...UInt8(ascii: "9"): letter - UInt8(ascii: "0") + 2
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): letter - UInt8(ascii: "A") + 12
        default: letter - UInt8(ascii: "a") + 38
        }
      body = body << 6 | UInt64(code)
    }
    return .small(body << 8 | 14)
  }
}
