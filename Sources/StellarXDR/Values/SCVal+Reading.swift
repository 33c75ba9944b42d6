package import Bytes

/// What a caller expects of a value: nil where it is of another type.
extension SCVal {
  package var asBool: Bool? { if case .bool(let value) = self { value } else { nil } }
  package var asU32: UInt32? { if case .u32(let value) = self { value } else { nil } }
  package var asU64: UInt64? { if case .u64(let value) = self { value } else { nil } }
  package var asI128: Int128? { if case .i128(let value) = self { value } else { nil } }
  package var asSymbol: String? { if case .symbol(let value) = self { value } else { nil } }
  package var asBytes: [UInt8]? { if case .bytes(let value) = self { value } else { nil } }
  package var asBytes32: Bytes32? { asBytes.flatMap { Bytes32($0) } }
  package var asVec: [SCVal]? { if case .vec(let value) = self { value } else { nil } }
  package var asMap: [SCMapEntry]? { if case .map(let value) = self { value } else { nil } }
  package var asAddress: SCAddress? { if case .address(let value) = self { value } else { nil } }
  package var asInstance: SCContractInstance? {
    if case .contractInstance(let value) = self { value } else { nil }
  }

  /// The field of a struct: the value under a symbol key, or nil.
  package subscript(field field: String) -> SCVal? {
    asMap?.first { $0.key == .symbol(field) }?.value
  }

  /// An amount as contracts want it.
  package static func amount(_ stroops: Int64) -> SCVal { .i128(Int128(stroops)) }

  /// A key of one word, e.g. `Vec[Symbol FarmIndex]`, with what follows the word.
  package static func key(_ name: String, _ rest: SCVal...) -> SCVal {
    .vec([.symbol(name)] + rest)
  }
}
