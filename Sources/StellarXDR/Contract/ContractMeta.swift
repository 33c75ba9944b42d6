/// The two other sections of a contract's program.
package enum ContractMeta {
  /// An entry of `contractmetav0` (SEP-46), which like the specification has no count.
  package struct Entry: XDRCodable {
    package var key: [UInt8]
    package var value: [UInt8]

    package init(key: [UInt8], value: [UInt8]) {
      self.key = key
      self.value = value
    }

    package init(from reader: inout XDRReader) throws(XDRError) {
      try reader.noExtension(of: "SCMetaEntry")
      key = try reader.opaque()
      value = try reader.opaque()
    }

    package func encode(to writer: inout XDRWriter) {
      writer.noExtension()
      writer.opaque(key)
      writer.opaque(value)
    }
  }

  /// `contractenvmetav0`, which every program must have: the protocol it was made for.
  package struct Environment: XDRCodable {
    package var protocolVersion: UInt32
    package var prerelease: UInt32

    package init(protocolVersion: UInt32, prerelease: UInt32 = 0) {
      self.protocolVersion = protocolVersion
      self.prerelease = prerelease
    }

    package init(from reader: inout XDRReader) throws(XDRError) {
      try reader.noExtension(of: "SCEnvMetaEntry")
      protocolVersion = try reader.u32()
      prerelease = try reader.u32()
    }

    package func encode(to writer: inout XDRWriter) {
      writer.noExtension()
      writer.u32(protocolVersion)
      writer.u32(prerelease)
    }
  }

  /// The entries of a `contractmetav0` section.
  package static func entries(of section: [UInt8]) throws(XDRError) -> [Entry] {
    var reader = XDRReader(section)
    var entries: [Entry] = []
    while reader.left > 0 { entries.append(try reader.value()) }
    return entries
  }

  package static func section(_ entries: [Entry]) -> [UInt8] { entries.flatMap(\.xdr) }
}
