import Bytes
import StellarXDR
import TestKit
import Testing

@Suite(.disabled(if: Vectors.areAbsent, "no vectors")) struct ContractVectorTests {
  @Test func hostValues() throws {
    for vector in try VectorJSON.cases("val_abi", atLeast: 1) {
      let value = try vector["value"].scval()
      let expected: HostValue =
        vector.val_hex.isNull
        ? .object(tag: try vector.object_tag.integer())
        : .small(try #require(UInt64(vector.val_hex.string, radix: 16)))
      #expect(HostValue(value) == expected, "\(vector.name)")
    }
  }

  @Test func sections() throws {
    for vector in try VectorJSON.cases("contract_sections", atLeast: 1) {
      let bytes = try vector["hex"].hex()
      switch vector.section.string {
      case "contractenvmetav0":
        let environment = ContractMeta.Environment(
          protocolVersion: try vector["protocol"].integer())
        #expect(environment.xdr == bytes, "\(vector.name)")
        #expect(try ContractMeta.Environment(xdr: bytes) == environment)
      case "contractmetav0":
        let entries = vector.entries.array.map {
          ContractMeta.Entry(
            key: Array($0.array[0].string.utf8), value: Array($0.array[1].string.utf8))
        }
        #expect(ContractMeta.section(entries) == bytes, "\(vector.name)")
        #expect(try ContractMeta.entries(of: bytes) == entries)
      default:
        let entries = try vector.entries.array.map { try $0.specEntry() }
        #expect(ContractSpec.section(entries) == bytes, "\(vector.name)")
        #expect(try ContractSpec.entries(of: bytes) == entries)
      }
    }
  }

  @Test func valuesAsJSON() throws {
    for vector in try VectorJSON.cases("scvals", atLeast: 40) where vector.ok.isTrue {
      let xdr = try vector["value"].scval().xdr
      let json = vector.sep51_json.string
      #expect(try canonical(XDRJSON.json(xdr, as: "SCVal")) == canonical(json), "\(vector.name)")
      #expect(try XDRJSON.xdr(json, as: "SCVal") == xdr, "\(vector.name)")
    }
  }

  @Test func resultsAsJSON() throws {
    for vector in try VectorJSON.cases("tx_results", atLeast: 40) {
      let xdr = try #require(Base64.decode(vector.xdr.string))
      let json = vector.sep51_json.string
      #expect(
        try canonical(XDRJSON.json(xdr, as: "TransactionResult")) == canonical(json),
        "\(vector.name)")
      #expect(try XDRJSON.xdr(json, as: "TransactionResult") == xdr, "\(vector.name)")
    }
  }
}

extension VectorJSON {
  fileprivate func specEntry() throws -> ContractSpec.Entry {
    let doc = Array(self["doc"].string.utf8)
    switch self["kind"].string {
    case "function":
      return .function(
        doc: doc, name: self.name, inputs: try self["inputs"].array.map { try $0.specField() },
        outputs: try self["outputs"].array.map { try $0.specType() })
    case "struct":
      return .structure(
        doc: doc, library: [], name: Array(self.name.utf8),
        fields: try self["fields"].array.map { try $0.specField() })
    default:
      return .errors(
        doc: doc, library: [], name: Array(self.name.utf8),
        cases: try self["cases"].array.map {
          ContractSpec.ErrorCase(
            doc: Array($0["doc"].string.utf8), name: Array($0.name.utf8),
            value: try $0["value"].integer())
        })
    }
  }

  fileprivate func specField() throws -> ContractSpec.Field {
    ContractSpec.Field(
      doc: Array(self["doc"].string.utf8), name: Array(self.name.utf8),
      type: try self["type"].specType())
  }

  fileprivate func specType() throws -> ContractSpecType {
    let simple: [String: ContractSpecType.Simple] = [
      "val": .val, "bool": .bool, "void": .void, "error": .error, "u32": .u32, "i32": .i32,
      "u64": .u64, "i64": .i64, "timepoint": .timepoint, "duration": .duration, "u128": .u128,
      "i128": .i128, "u256": .u256, "i256": .i256, "bytes": .bytes, "string": .string,
      "symbol": .symbol, "address": .address, "muxed_address": .muxedAddress,
    ]
    if let simple = simple[string] { return .simple(simple) }
    if !self["option"].isNull { return .option(try self["option"].specType()) }
    if !self["vec"].isNull { return .vec(try self["vec"].specType()) }
    if !self["bytes_n"].isNull { return .bytesN(try self["bytes_n"].integer()) }
    if !self["udt"].isNull { return .defined(Array(self["udt"].string.utf8)) }
    if !self["tuple"].isNull { return .tuple(try self["tuple"].array.map { try $0.specType() }) }
    let isMap = !self["map"].isNull
    let pair = try self[isMap ? "map" : "result"].array.map { try $0.specType() }
    return isMap ? .map(pair[0], pair[1]) : .result(pair[0], error: pair[1])
  }
}
