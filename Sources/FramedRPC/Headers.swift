/// What OPEN carries beside method and deadline. Protos/rpc.proto.
package struct Headers: Sendable, Hashable {
  package struct Entry: Sendable, Hashable {
    package var key: String
    package var value: String

    package init(key: String, value: String) {
      self.key = key
      self.value = value
    }
  }

  /// Sixteen random bytes of a call with effects, else empty: the server remembers its answer.
  package var requestID: [UInt8] = []
  package var metadata: [Entry] = []

  package init() {}

  /// Nil for bytes that are no headers, or more than ``RPCLimits`` allows.
  package init?(decoding bytes: ArraySlice<UInt8>) {
    guard bytes.count <= RPCLimits.headersBytesMax else { return nil }
    var reader = ProtobufReader(bytes)
    do {
      while let (field, value) = try reader.next() {
        switch (field, value) {
        case (1, .bytes(let id)):
          guard id.isEmpty || id.count == 16 else { return nil }
          requestID = Array(id)
        case (2, .bytes(let entry)):
          guard metadata.count < RPCLimits.metadataEntriesMax, let entry = Entry(decoding: entry)
          else { return nil }
          metadata.append(entry)
        default: break
        }
      }
    } catch { return nil }
  }

  package func encoded() -> [UInt8] {
    var writer = ProtobufWriter()
    if !requestID.isEmpty { writer.message(1, requestID) }
    for entry in metadata {
      var inner = ProtobufWriter()
      inner.text(1, entry.key)
      inner.text(2, entry.value)
      writer.message(2, inner.bytes)
    }
    return writer.bytes
  }
}

extension Headers.Entry {
  fileprivate init?(decoding bytes: ArraySlice<UInt8>) {
    self.init(key: "", value: "")
    var reader = ProtobufReader(bytes)
    do {
      while let (field, value) = try reader.next() {
        guard case .bytes(let text) = value, field <= 2 else { continue }
        guard let text = String(validating: text, as: UTF8.self) else { return nil }
        if field == 1 { key = text } else { self.value = text }
      }
    } catch { return nil }
  }
}
