/// What became of a transaction as a whole.
package enum TransactionResultCode: Int32, Sendable, CaseIterable {
  case feeBumpInnerSuccess = 1
  case success = 0
  case failed = -1
  case tooEarly = -2
  case tooLate = -3
  case missingOperation = -4
  case badSequence = -5
  case badAuth = -6
  case insufficientBalance = -7
  case noAccount = -8
  case insufficientFee = -9
  case badAuthExtra = -10
  case internalError = -11
  case notSupported = -12
  case feeBumpInnerFailed = -13
  case badSponsorship = -14
  case badMinSequenceAgeOrGap = -15
  case malformed = -16
  case sorobanInvalid = -17
  /// From protocol 26 on.
  case frozenKeyAccessed = -18
}
