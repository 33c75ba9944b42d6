/// What it costs to keep Soroban entries alive.
/// Source: rs-soroban-env, soroban-env-host/src/fees.rs.
package struct RentFees: Hashable, Sendable {
  /// An entry before and after the transaction. Sizes are bytes, lives are ledger sequences; a new
  /// entry has 0 for both before.
  package struct Change: Hashable, Sendable {
    package var isPersistent: Bool
    package var isCode: Bool
    package var oldBytes: Int64
    package var newBytes: Int64
    package var oldLiveUntil: Int64
    package var newLiveUntil: Int64

    package init(
      isPersistent: Bool, isCode: Bool = false, oldBytes: Int64, newBytes: Int64,
      oldLiveUntil: Int64, newLiveUntil: Int64
    ) {
      self.isPersistent = isPersistent
      self.isCode = isCode
      self.oldBytes = oldBytes
      self.newBytes = newBytes
      self.oldLiveUntil = oldLiveUntil
      self.newLiveUntil = newLiveUntil
    }
  }

  /// Stroops; follows the size of the state, see ``rate(stateBytes:target:low:high:growthFactor:)``.
  package var perRent1KB: Int64
  package var perWriteEntry: Int64
  package var perWrite1KB: Int64
  package var persistentDenominator: Int64
  package var temporaryDenominator: Int64

  package init(
    perRent1KB: Int64, perWriteEntry: Int64, perWrite1KB: Int64, persistentDenominator: Int64,
    temporaryDenominator: Int64
  ) {
    self.perRent1KB = perRent1KB
    self.perWriteEntry = perWriteEntry
    self.perWrite1KB = perWrite1KB
    self.persistentDenominator = persistentDenominator
    self.temporaryDenominator = temporaryDenominator
  }

  /// The size of an entry's time to live, which an extension writes.
  private static let ttlEntryBytes: Int64 = 48
  /// A program pays this part of the rent of data of its size.
  private static let codeDiscount: Int64 = 3
  private static let rateMin: Int64 = 1000

  /// Stroops for all changes of a transaction in the ledger of that sequence.
  package func fee(_ changes: [Change], ledger: Int64) -> Int64 {
    var total: Int64 = 0
    var extended: Int64 = 0
    for change in changes {
      total += fee(change, ledger: ledger)
      if change.oldLiveUntil < change.newLiveUntil { extended += 1 }
    }
    return total + extended * perWriteEntry
      + kilobytes(Self.ttlEntryBytes * extended, perWrite1KB)
  }

  private func fee(_ change: Change, ledger: Int64) -> Int64 {
    let isNew = change.oldBytes == 0 && change.oldLiveUntil == 0
    let start = isNew ? ledger - 1 : change.oldLiveUntil
    var fee: Int64 = 0
    if change.newLiveUntil >= start {
      fee += rent(change.newBytes, change.newLiveUntil - start, change.isPersistent)
    }
    if !isNew, change.newBytes > change.oldBytes, change.oldLiveUntil >= ledger {
      fee += rent(
        change.newBytes - change.oldBytes, change.oldLiveUntil - ledger + 1, change.isPersistent)
    }
    return change.isCode ? ceilDivide(fee, Self.codeDiscount) : fee
  }

  private func rent(_ bytes: Int64, _ ledgers: Int64, _ isPersistent: Bool) -> Int64 {
    // Bytes, rate and ledgers multiply beyond 64 bits.
    let dividend = Int128(bytes) * Int128(perRent1KB) * Int128(ledgers)
    let divisor = 1024 * Int128(isPersistent ? persistentDenominator : temporaryDenominator)
    return Int64((dividend + divisor - 1) / divisor)
  }

  /// Stroops a KB of rent while the state has `stateBytes`; `low` may be negative.
  package static func rate(
    stateBytes: Int64, target: Int64, low: Int64, high: Int64, growthFactor: Int64
  ) -> Int64 {
    let span = Int128(high - low)
    func ceil(_ dividend: Int128) -> Int64 {
      Int64((dividend + Int128(target) - 1) / Int128(target))
    }
    let rate =
      stateBytes < target
      ? ceil(span * Int128(stateBytes)) + low
      : high + ceil(span * Int128(stateBytes - target) * Int128(growthFactor))
    return max(rate, rateMin)
  }
}
