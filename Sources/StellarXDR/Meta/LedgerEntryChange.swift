/// One change a transaction made to the ledger.
package enum LedgerEntryChange: XDRCodable {
  case created(LedgerEntry)
  case updated(LedgerEntry)
  case removed(LedgerKey)
  /// The entry before the change that follows.
  case state(LedgerEntry)
  /// Brought back from the archive.
  case restored(LedgerEntry)

  package init(from reader: inout XDRReader) throws(XDRError) {
    switch try reader.i32() {
    case 0: self = .created(try reader.value())
    case 1: self = .updated(try reader.value())
    case 2: self = .removed(try reader.value())
    case 3: self = .state(try reader.value())
    case 4: self = .restored(try reader.value())
    case let type: throw .unknownArm(type: "LedgerEntryChange", value: type)
    }
  }

  package func encode(to writer: inout XDRWriter) {
    switch self {
    case .created(let entry): write(0, entry, to: &writer)
    case .updated(let entry): write(1, entry, to: &writer)
    case .removed(let key): write(2, key, to: &writer)
    case .state(let entry): write(3, entry, to: &writer)
    case .restored(let entry): write(4, entry, to: &writer)
    }
  }

  private func write(_ type: UInt32, _ value: some XDRCodable, to writer: inout XDRWriter) {
    writer.u32(type)
    writer.value(value)
  }
}
