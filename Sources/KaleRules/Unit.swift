/// A number with a meaning: encoded, printed and compared as the bare number.
package protocol Unit: RawRepresentable, Hashable, Comparable, Sendable, Codable,
  ExpressibleByIntegerLiteral, CustomStringConvertible
where RawValue: FixedWidthInteger & Codable & Sendable, IntegerLiteralType == RawValue {
  init(rawValue: RawValue)
}

extension Unit {
  package init(_ value: RawValue) { self.init(rawValue: value) }

  package init(integerLiteral value: RawValue) { self.init(rawValue: value) }

  package var description: String { rawValue.description }

  package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// The number of a farm block, counted by the contract from 0.
package struct BlockIndex: Unit {
  package var rawValue: UInt32

  package init(rawValue: UInt32) { self.rawValue = rawValue }

  /// The block after this one. Traps past the last, which takes 40,000 years.
  package var next: BlockIndex { BlockIndex(rawValue + 1) }
}

/// The number of a Stellar ledger.
package struct LedgerSequence: Unit {
  package var rawValue: UInt32

  package init(rawValue: UInt32) { self.rawValue = rawValue }

  package static func + (ledger: LedgerSequence, ledgers: UInt32) -> LedgerSequence {
    LedgerSequence(ledger.rawValue + ledgers)
  }
}

/// An amount of KALE or XLM; 1 KALE = 1 XLM = 10^7 stroops.
package struct Stroops: Unit, AdditiveArithmetic {
  package var rawValue: Int64

  package init(rawValue: Int64) { self.rawValue = rawValue }

  package static let perCoin: Int64 = 10_000_000

  package static func + (a: Stroops, b: Stroops) -> Stroops { Stroops(a.rawValue + b.rawValue) }

  package static func - (a: Stroops, b: Stroops) -> Stroops { Stroops(a.rawValue - b.rawValue) }
}

/// A share; 10,000 is the whole.
package struct BasisPoints: Unit {
  package var rawValue: UInt16

  package init(rawValue: UInt16) { self.rawValue = rawValue }

  package static let whole: BasisPoints = 10_000
}
