/// A place in the chain as one number: ledger, transaction (counted from 1), operation.
struct TransactionPlace: Hashable, Comparable, Sendable {
  let number: Int64

  init(number: Int64) { self.number = number }

  init(ledger: UInt32, transaction: Int = 0, operation: Int = 0) {
    number = Int64(ledger) << 32 | Int64(transaction) << 12 | Int64(operation)
  }

  var ledger: UInt32 { UInt32(truncatingIfNeeded: number >> 32) }
  var transaction: Int { Int(number >> 12 & 0xF_FFFF) }

  static func < (a: TransactionPlace, b: TransactionPlace) -> Bool { a.number < b.number }
}

/// Where an event stands: `%019d-%010d` of place and index. Source: stellar.md §3.
struct EventID: Hashable, Comparable, Sendable, CustomStringConvertible {
  let place: TransactionPlace
  let index: UInt32

  init(_ place: TransactionPlace, index: UInt32) {
    self.place = place
    self.index = index
  }

  /// Nil for any other text.
  init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, let number = Int64(parts[0]), number >= 0,
      let index = UInt32(parts[1])
    else { return nil }
    self.init(TransactionPlace(number: number), index: index)
  }

  var description: String {
    Self.padded(place.number.description, 19) + "-" + Self.padded(index.description, 10)
  }

  private static func padded(_ digits: String, _ count: Int) -> String {
    String(repeating: "0", count: max(0, count - digits.count)) + digits
  }

  static func < (a: EventID, b: EventID) -> Bool {
    a.place == b.place ? a.index < b.index : a.place < b.place
  }
}
