package import StellarXDR

/// What an account may spend. Source: stellar.md §4, "Reserves".
extension AccountEntry {
  /// Stroops that each counted entry holds back.
  package static let baseReserve: Int64 = 5_000_000

  /// A new account as the network makes it since protocol 19: with all extensions, so that its size
  /// never changes.
  package static func new(
    _ account: AccountID, balance: Int64, ledger: UInt32, subentries: UInt32 = 0
  ) -> AccountEntry {
    AccountEntry(
      account: account, balance: balance, sequence: Int64(ledger) << 32, subentries: subentries,
      extensionV1: ExtensionV1(
        liabilities: Liabilities(buying: 0, selling: 0),
        v2: ExtensionV2(
          sponsored: 0, sponsoring: 0,
          v3: ExtensionV3(sequenceLedger: 0, sequenceTime: 0))))
  }

  /// The least it must hold: two entries for itself, its subentries and what it sponsors, less what
  /// others sponsor for it.
  package var minimumBalance: Int64 {
    (2 + Int64(subentries) + Int64(sponsoring) - Int64(sponsored)) * Self.baseReserve
  }

  /// What it may spend; negative if the reserve is not covered.
  package var available: Int64 {
    balance - minimumBalance - (extensionV1?.liabilities.selling ?? 0)
  }

  /// Whether a transaction with this number comes next; after the greatest none does.
  func isNext(_ number: Int64) -> Bool { number > sequence && number - 1 == sequence }

  /// One entry less that counts; an operator may have made the account with none.
  mutating func dropSubentry() { subentries -= min(1, subentries) }

  /// Changes how many entries it sponsors for others or has sponsored by others.
  mutating func changeSponsoring(by count: Int32) {
    guard var v2 = extensionV1?.v2 else { return }
    v2.sponsoring = UInt32(clamping: Int64(v2.sponsoring) + Int64(count))
    extensionV1?.v2 = v2
  }

  mutating func changeSponsored(by count: Int32) {
    guard var v2 = extensionV1?.v2 else { return }
    v2.sponsored = UInt32(clamping: Int64(v2.sponsored) + Int64(count))
    extensionV1?.v2 = v2
  }
}
