/// What a contract says of itself in the section `contractspecv0` of its program (SEP-48): entries
/// one after another, without a count.
package enum ContractSpec {
  /// Names had at most 30, 32 or 60 bytes; from protocol 30 on 1,024.
  static let nameMax = 1024
  static let docMax = 1024
  static let libraryMax = 80

  /// A named thing with a type: an argument or a field.
  package struct Field: XDRCodable {
    package var doc: [UInt8]
    package var name: [UInt8]
    package var type: ContractSpecType

    package init(doc: [UInt8] = [], name: [UInt8], type: ContractSpecType) {
      self.doc = doc
      self.name = name
      self.type = type
    }

    package init(from reader: inout XDRReader) throws(XDRError) {
      doc = try reader.opaque(max: docMax)
      name = try reader.opaque(max: nameMax)
      type = try reader.value()
    }

    package func encode(to writer: inout XDRWriter) {
      writer.opaque(doc)
      writer.opaque(name)
      writer.value(type)
    }
  }

  /// A case of an error enumeration.
  package struct ErrorCase: XDRCodable {
    package var doc: [UInt8]
    package var name: [UInt8]
    package var value: UInt32

    package init(doc: [UInt8] = [], name: [UInt8], value: UInt32) {
      self.doc = doc
      self.name = name
      self.value = value
    }

    package init(from reader: inout XDRReader) throws(XDRError) {
      doc = try reader.opaque(max: docMax)
      name = try reader.opaque(max: nameMax)
      value = try reader.u32()
    }

    package func encode(to writer: inout XDRWriter) {
      writer.opaque(doc)
      writer.opaque(name)
      writer.u32(value)
    }
  }

  /// Unions, plain enumerations and events are unknown arms: our contract has none.
  package enum Entry: XDRCodable {
    case function(doc: [UInt8], name: String, inputs: [Field], outputs: [ContractSpecType])
    case structure(doc: [UInt8], library: [UInt8], name: [UInt8], fields: [Field])
    case errors(doc: [UInt8], library: [UInt8], name: [UInt8], cases: [ErrorCase])
  }

  /// The entries of a section.
  package static func entries(of section: [UInt8]) throws(XDRError) -> [Entry] {
    var reader = XDRReader(section)
    var entries: [Entry] = []
    while reader.left > 0 { entries.append(try reader.value()) }
    return entries
  }

  package static func section(_ entries: [Entry]) -> [UInt8] { entries.flatMap(\.xdr) }
}

extension ContractSpec.Entry {
  package init(from reader: inout XDRReader) throws(XDRError) {
    typealias Spec = ContractSpec
    switch try reader.i32() {
    case 0:
      self = .function(
        doc: try reader.opaque(max: Spec.docMax), name: try reader.symbol(),
        inputs: try reader.list(), outputs: try reader.list(max: 1))
    case 1:
      self = .structure(
        doc: try reader.opaque(max: Spec.docMax), library: try reader.opaque(max: Spec.libraryMax),
        name: try reader.opaque(max: Spec.nameMax), fields: try reader.list())
    case 4:
      self = .errors(
        doc: try reader.opaque(max: Spec.docMax), library: try reader.opaque(max: Spec.libraryMax),
        name: try reader.opaque(max: Spec.nameMax), cases: try reader.list())
    case let kind: throw .unknownArm(type: "SCSpecEntry", value: kind)
    }
  }

  package func encode(to writer: inout XDRWriter) {
    switch self {
    case .function(let doc, let name, let inputs, let outputs):
      writer.u32(0)
      writer.opaque(doc)
      writer.opaque(name.utf8)
      writer.list(inputs)
      writer.list(outputs)
    case .structure(let doc, let library, let name, let fields):
      writer.u32(1)
      writer.opaque(doc)
      writer.opaque(library)
      writer.opaque(name)
      writer.list(fields)
    case .errors(let doc, let library, let name, let cases):
      writer.u32(4)
      writer.opaque(doc)
      writer.opaque(library)
      writer.opaque(name)
      writer.list(cases)
    }
  }
}
