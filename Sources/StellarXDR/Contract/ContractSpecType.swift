/// The type of an argument, result or field in a contract's specification (SEP-48).
package indirect enum ContractSpecType: XDRCodable {
  case simple(Simple)
  case option(ContractSpecType)
  case result(ContractSpecType, error: ContractSpecType)
  case vec(ContractSpecType)
  case map(ContractSpecType, ContractSpecType)
  /// At most 12.
  case tuple([ContractSpecType])
  case bytesN(UInt32)
  /// A type of the contract's own, by name.
  case defined([UInt8])

  package enum Simple: Int32, Sendable {
    case val = 0
    case bool, void, error, u32, i32, u64, i64, timepoint, duration, u128, i128, u256, i256, bytes
    case string = 16
    case symbol = 17
    case address = 19
    case muxedAddress = 20
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    self = try reader.nested(Self.decode)
  }

  private static func decode(_ reader: inout XDRReader) throws(XDRError) -> ContractSpecType {
    let type = try reader.i32()
    if let simple = Simple(rawValue: type) { return .simple(simple) }
    switch type {
    case 1000: return .option(try reader.value())
    case 1001: return .result(try reader.value(), error: try reader.value())
    case 1002: return .vec(try reader.value())
    case 1004: return .map(try reader.value(), try reader.value())
    case 1005: return .tuple(try reader.list(max: 12))
    case 1006: return .bytesN(try reader.u32())
    case 2000: return .defined(try reader.opaque(max: ContractSpec.nameMax))
    default: throw .unknownArm(type: "SCSpecTypeDef", value: type)
    }
  }

  package func encode(to writer: inout XDRWriter) {
    switch self {
    case .simple(let simple): writer.choice(simple)
    case .option(let type):
      writer.u32(1000)
      writer.value(type)
    case .result(let type, let error):
      writer.u32(1001)
      writer.value(type)
      writer.value(error)
    case .vec(let type):
      writer.u32(1002)
      writer.value(type)
    case .map(let key, let value):
      writer.u32(1004)
      writer.value(key)
      writer.value(value)
    case .tuple(let types):
      writer.u32(1005)
      writer.list(types)
    case .bytesN(let count):
      writer.u32(1006)
      writer.u32(count)
    case .defined(let name):
      writer.u32(2000)
      writer.opaque(name)
    }
  }
}
