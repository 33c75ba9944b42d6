/// A value as contracts take, give and store it.
///
/// Symbols are at most 32 of `[a-zA-Z0-9_]`, strings are bytes of any kind. Maps come from the
/// network in ascending order of their keys; ``map(sorting:)`` makes such a one.
package enum SCVal: XDRCodable {
  case bool(Bool)
  case void
  case error(SCError)
  case u32(UInt32)
  case i32(Int32)
  case u64(UInt64)
  case i64(Int64)
  case timepoint(UInt64)
  case duration(UInt64)
  case u128(UInt128)
  case i128(Int128)
  case u256(Wide256)
  case i256(Wide256)
  case bytes([UInt8])
  case string([UInt8])
  case symbol(String)
  case vec([SCVal])
  case map([SCMapEntry])
  case address(SCAddress)
  case contractInstance(SCContractInstance)
  case ledgerKeyContractInstance
  case ledgerKeyNonce(Int64)
  /// From protocol 28 on.
  case executableTag([UInt8])

  /// The longest symbol, in characters.
  package static let symbolMax = 32

  package init(from reader: inout XDRReader) throws(XDRError) {
    self = try reader.nested(Self.decode)
  }

  private static func decode(_ reader: inout XDRReader) throws(XDRError) -> SCVal {
    switch try reader.i32() {
    case 0: .bool(try reader.bool())
    case 1: .void
    case 2: .error(try reader.value())
    case 3: .u32(try reader.u32())
    case 4: .i32(try reader.i32())
    case 5: .u64(try reader.u64())
    case 6: .i64(try reader.i64())
    case 7: .timepoint(try reader.u64())
    case 8: .duration(try reader.u64())
    case 9: .u128(UInt128(try reader.u64()) << 64 | UInt128(try reader.u64()))
    case 10: .i128(Int128(try reader.i64()) << 64 | Int128(try reader.u64()))
    case 11: .u256(try reader.value())
    case 12: .i256(try reader.value())
    case 13: .bytes(try reader.opaque())
    case 14: .string(try reader.opaque())
    case 15: .symbol(try reader.symbol())
    case 16: .vec(try reader.presentList("SCVec"))
    case 17: .map(try reader.presentList("SCMap"))
    case 18: .address(try reader.value())
    case 19: .contractInstance(try reader.value())
    case 20: .ledgerKeyContractInstance
    case 21: .ledgerKeyNonce(try reader.i64())
    case 22: .executableTag(try reader.opaque())
    case let type: throw .unknownArm(type: "SCVal", value: type)
    }
  }

  package func encode(to writer: inout XDRWriter) {
    writer.i32(discriminant)
    switch self {
    case .bool(let value): writer.bool(value)
    case .void, .ledgerKeyContractInstance: break
    case .error(let error): writer.value(error)
    case .u32(let value): writer.u32(value)
    case .i32(let value): writer.i32(value)
    case .u64(let value), .timepoint(let value), .duration(let value): writer.u64(value)
    case .i64(let value), .ledgerKeyNonce(let value): writer.i64(value)
    case .u128(let value):
      writer.u64(UInt64(truncatingIfNeeded: value >> 64))
      writer.u64(UInt64(truncatingIfNeeded: value))
    case .i128(let value):
      writer.u64(UInt64(truncatingIfNeeded: value >> 64))
      writer.u64(UInt64(truncatingIfNeeded: value))
    case .u256(let value), .i256(let value): writer.value(value)
    case .bytes(let value), .string(let value), .executableTag(let value): writer.opaque(value)
    case .symbol(let value): writer.opaque(value.utf8)
    case .vec(let items):
      writer.bool(true)
      writer.list(items)
    case .map(let entries):
      writer.bool(true)
      writer.list(entries)
    case .address(let address): writer.value(address)
    case .contractInstance(let instance): writer.value(instance)
    }
  }

  /// The number of the value's type, which also comes first in the order of map keys.
  package var discriminant: Int32 {
    switch self {
    case .bool: 0
    case .void: 1
    case .error: 2
    case .u32: 3
    case .i32: 4
    case .u64: 5
    case .i64: 6
    case .timepoint: 7
    case .duration: 8
    case .u128: 9
    case .i128: 10
    case .u256: 11
    case .i256: 12
    case .bytes: 13
    case .string: 14
    case .symbol: 15
    case .vec: 16
    case .map: 17
    case .address: 18
    case .contractInstance: 19
    case .ledgerKeyContractInstance: 20
    case .ledgerKeyNonce: 21
    case .executableTag: 22
    }
  }
}

extension XDRReader {
  /// A symbol: at most 32 of `[a-zA-Z0-9_]`.
  package mutating func symbol() throws(XDRError) -> String {
    let letters = try opaque(max: SCVal.symbolMax)
    for letter in letters {
      switch letter {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        break
      default: throw .invalid("a symbol holds letters, digits and _ only")
      }
    }
    return String(decoding: letters, as: UTF8.self)
  }

  /// What stands behind an optional flag that must be 1: vectors and maps are optional in XDR only.
  fileprivate mutating func presentList<T: XDRCodable>(_ type: String) throws(XDRError) -> [T] {
    guard try bool() else { throw .invalid("\(type) is absent") }
    return try list()
  }
}
