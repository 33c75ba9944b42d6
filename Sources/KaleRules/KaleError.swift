/// The farm contract's own errors, by their numbers. Source: kale.md §3.
package enum KaleError: UInt32, Error, Hashable, Sendable, CaseIterable {
  case homesteadExists = 1
  case homesteadMissing = 2
  case farmBlockMissing = 3
  case farmPaused = 4
  case farmNotPaused = 5
  case plantAmountTooLow = 6
  case zeroCountTooLow = 7
  case pailExists = 8
  case pailMissing = 9
  case workMissing = 10
  case blockMissing = 11
  case blockInvalid = 12
  case hashInvalid = 13
  case harvestNotReady = 14
  case gapCountTooLow = 15

  package var code: UInt32 { rawValue }

  /// The contract's name for it, e.g. `PailExists`.
  package var name: String {
    let name = String(describing: self)
    return name.prefix(1).uppercased() + name.dropFirst()
  }
}
