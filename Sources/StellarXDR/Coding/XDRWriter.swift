package import Bytes

/// Writes XDR (RFC 4506).
package struct XDRWriter: Sendable {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  package mutating func u32(_ value: UInt32) {
    for shift in [24, 16, 8, 0] as [UInt32] {
      bytes.append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }

  package mutating func i32(_ value: Int32) { u32(UInt32(bitPattern: value)) }

  package mutating func u64(_ value: UInt64) {
    u32(UInt32(truncatingIfNeeded: value >> 32))
    u32(UInt32(truncatingIfNeeded: value))
  }

  package mutating func i64(_ value: Int64) { u64(UInt64(bitPattern: value)) }

  package mutating func bool(_ value: Bool) { u32(value ? 1 : 0) }

  /// Opaque data of a fixed length, padded with zeros.
  package mutating func fixed(_ data: some Collection<UInt8>) {
    bytes.append(contentsOf: data)
    while !bytes.count.isMultiple(of: 4) { bytes.append(0) }
  }

  package mutating func bytes32(_ value: Bytes32) { bytes.append(contentsOf: value.bytes) }

  /// Opaque data or a string with its length before it.
  package mutating func opaque(_ data: some Collection<UInt8>) {
    u32(UInt32(data.count))
    fixed(data)
  }

  package mutating func value(_ value: some XDRCodable) { value.encode(to: &self) }

  package mutating func optional(_ value: (some XDRCodable)?) {
    bool(value != nil)
    if let value { value.encode(to: &self) }
  }

  package mutating func list(_ items: [some XDRCodable]) {
    u32(UInt32(items.count))
    for item in items { item.encode(to: &self) }
  }

  package mutating func choice(_ value: some RawRepresentable<Int32>) { i32(value.rawValue) }

  package mutating func noExtension() { u32(0) }
}
