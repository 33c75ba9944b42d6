/// A contract's executable and instance storage. The storage is absent where it was never written.
package struct SCContractInstance: XDRCodable {
  package var executable: ContractExecutable
  package var storage: [SCMapEntry]?

  package init(executable: ContractExecutable, storage: [SCMapEntry]?) {
    self.executable = executable
    self.storage = storage
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    executable = try reader.value()
    storage = try reader.bool() ? reader.list() : nil
  }

  package func encode(to writer: inout XDRWriter) {
    writer.value(executable)
    writer.bool(storage != nil)
    if let storage { writer.list(storage) }
  }

  /// The value under a key, or nil.
  package subscript(key key: SCVal) -> SCVal? {
    storage?.first { $0.key == key }?.value
  }
}

/// One key of a map with its value.
package struct SCMapEntry: XDRCodable {
  package var key: SCVal
  package var value: SCVal

  package init(key: SCVal, value: SCVal) {
    self.key = key
    self.value = value
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    key = try reader.value()
    value = try reader.value()
  }

  package func encode(to writer: inout XDRWriter) {
    writer.value(key)
    writer.value(value)
  }
}
