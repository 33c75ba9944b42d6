/// Unix seconds between which a transaction may be included; a maximum of 0 is none.
package struct TimeBounds: XDRCodable {
  package var min: UInt64
  package var max: UInt64

  package init(min: UInt64 = 0, max: UInt64) {
    self.min = min
    self.max = max
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    min = try reader.u64()
    max = try reader.u64()
  }

  package func encode(to writer: inout XDRWriter) {
    writer.u64(min)
    writer.u64(max)
  }
}

/// Ledgers between which a transaction may be included; a maximum of 0 is none.
package struct LedgerBounds: XDRCodable {
  package var min: UInt32
  package var max: UInt32

  package init(min: UInt32, max: UInt32) {
    self.min = min
    self.max = max
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    min = try reader.u32()
    max = try reader.u32()
  }

  package func encode(to writer: inout XDRWriter) {
    writer.u32(min)
    writer.u32(max)
  }
}

/// When a transaction may be included.
package enum Preconditions: XDRCodable {
  case none
  case time(TimeBounds)
  case v2(V2)

  package struct V2: XDRCodable {
    package var timeBounds: TimeBounds?
    package var ledgerBounds: LedgerBounds?
    package var minSequence: Int64?
    /// Seconds.
    package var minSequenceAge: UInt64
    package var minSequenceLedgerGap: UInt32
    package var extraSigners: [SignerKey]

    package init(
      timeBounds: TimeBounds? = nil, ledgerBounds: LedgerBounds? = nil, minSequence: Int64? = nil,
      minSequenceAge: UInt64 = 0, minSequenceLedgerGap: UInt32 = 0, extraSigners: [SignerKey] = []
    ) {
      self.timeBounds = timeBounds
      self.ledgerBounds = ledgerBounds
      self.minSequence = minSequence
      self.minSequenceAge = minSequenceAge
      self.minSequenceLedgerGap = minSequenceLedgerGap
      self.extraSigners = extraSigners
    }

    package init(from reader: inout XDRReader) throws(XDRError) {
      timeBounds = try reader.optional()
      ledgerBounds = try reader.optional()
      minSequence = try reader.optional()
      minSequenceAge = try reader.u64()
      minSequenceLedgerGap = try reader.u32()
      extraSigners = try reader.list(max: 2)
    }

    package func encode(to writer: inout XDRWriter) {
      writer.optional(timeBounds)
      writer.optional(ledgerBounds)
      writer.optional(minSequence)
      writer.u64(minSequenceAge)
      writer.u32(minSequenceLedgerGap)
      writer.list(extraSigners)
    }
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    switch try reader.i32() {
    case 0: self = .none
    case 1: self = .time(try reader.value())
    case 2: self = .v2(try reader.value())
    case let type: throw .unknownArm(type: "Preconditions", value: type)
    }
  }

  package func encode(to writer: inout XDRWriter) {
    switch self {
    case .none: writer.u32(0)
    case .time(let bounds):
      writer.u32(1)
      writer.value(bounds)
    case .v2(let conditions):
      writer.u32(2)
      writer.value(conditions)
    }
  }

  package var timeBounds: TimeBounds? {
    switch self {
    case .none: nil
    case .time(let bounds): bounds
    case .v2(let conditions): conditions.timeBounds
    }
  }
}
