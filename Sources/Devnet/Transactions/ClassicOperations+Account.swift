import Bytes
import StellarXDR

/// Operations on an account's own settings. Source: stellar-core SetOptionsOpFrame.cpp,
/// ManageDataOpFrame.cpp, BumpSequenceOpFrame.cpp.
extension ClassicOperations {
  private static let signersMax = 20
  /// Required, revocable, immutable and clawback.
  private static let knownFlags: UInt32 = 0xF
  private static let immutable: UInt32 = 4

  mutating func setOptions(_ options: SetOptions, source: AccountID) -> Int32 {
    guard let account = overlay[.account(source)]?.account else { return -1 }
    if let heir = options.inflationDestination, overlay[.account(heir)] == nil { return -4 }
    let changed = (options.setFlags ?? 0) | (options.clearFlags ?? 0)
    guard changed & ~Self.knownFlags == 0 else { return -6 }
    guard (options.setFlags ?? 0) & (options.clearFlags ?? 0) == 0 else { return -3 }
    guard changed == 0 || account.flags & Self.immutable == 0 else { return -5 }
    let weights = [
      options.masterWeight, options.lowThreshold, options.mediumThreshold, options.highThreshold,
    ]
    guard weights.allSatisfy({ $0.map { $0 <= 255 } ?? true }) else { return -7 }
    if let signer = options.signer {
      let code = set(signer, of: source)
      guard code == 0 else { return code }
    }
    overlay.changeAccount(source) { account in
      if let heir = options.inflationDestination { account.inflationDestination = heir }
      account.flags = account.flags & ~(options.clearFlags ?? 0) | (options.setFlags ?? 0)
      for (at, weight) in weights.enumerated() {
        if let weight { account.thresholds[at] = UInt8(weight) }
      }
      if let domain = options.homeDomain { account.homeDomain = domain }
    }
    return 0
  }

  /// Adds, changes or, with weight 0, removes a signer. Each counts as an entry.
  private mutating func set(_ signer: Signer, of source: AccountID) -> Int32 {
    guard signer.weight <= 255, signer.key != .ed25519(source) else { return -8 }
    guard let account = overlay[.account(source)]?.account else { return -1 }
    let sponsors = account.extensionV1?.v2?.signerSponsors ?? []
    if let at = account.signers.firstIndex(where: { $0.key == signer.key }) {
      guard signer.weight == 0 else {
        overlay.changeAccount(source) { $0.signers[at] = signer }
        return 0
      }
      overlay.changeAccount(source) { account in
        account.signers.remove(at: at)
        if at < sponsors.count { account.extensionV1?.v2?.signerSponsors.remove(at: at) }
        account.dropSubentry()
      }
      release(1, of: source, sponsor: at < sponsors.count ? sponsors[at].account : nil)
      return 0
    }
    guard signer.weight > 0 else { return -8 }
    guard account.signers.count < Self.signersMax else { return -2 }
    guard let sponsor = reserve(for: source) else { return -1 }
    let place = account.signers.firstIndex {
      signer.key.xdr.lexicographicallyPrecedes($0.key.xdr)
    }
    overlay.changeAccount(source) { account in
      let at = place ?? account.signers.count
      // Beside every signer who pays for it, from the first on.
      let missing = account.signers.count - sponsors.count
      account.extensionV1?.v2?.signerSponsors += Array(
        repeating: Sponsor(nil), count: max(0, missing))
      account.extensionV1?.v2?.signerSponsors.insert(sponsor, at: at)
      account.signers.insert(signer, at: at)
    }
    return 0
  }

  mutating func manageData(_ name: [UInt8], _ value: [UInt8]?, source: AccountID) -> Int32 {
    guard !name.isEmpty else { return -4 }
    let key = LedgerKey.data(source, name: name)
    guard let value else {
      guard let stored = overlay[key] else { return -2 }
      overlay.write(nil, at: key)
      release(1, of: source, sponsor: stored.entry.ext.sponsor?.account)
      overlay.changeAccount(source) { $0.dropSubentry() }
      return 0
    }
    var stored = overlay[key]
    if stored == nil {
      guard let sponsor = reserve(for: source) else { return -3 }
      stored = StoredEntry(.data(DataEntry(account: source, name: name, value: value)))
      if sponsor.account != nil { stored?.entry.ext = LedgerEntryExtension(sponsor: sponsor) }
    }
    stored?.data = .data(DataEntry(account: source, name: name, value: value))
    overlay.write(stored, at: key)
    return 0
  }

  func bump(to sequence: Int64, source: AccountID) -> Int32 {
    guard sequence >= 0 else { return -1 }
    overlay.changeAccount(source) { account in
      guard sequence > account.sequence else { return }
      account.sequence = sequence
      account.extensionV1?.v2?.v3 = AccountEntry.ExtensionV3(
        sequenceLedger: world.sequence, sequenceTime: world.time)
    }
    return 0
  }

  /// Counts one more subentry and says who pays its reserve; nil where nobody can.
  private mutating func reserve(for owner: AccountID) -> Sponsor? {
    let sponsor = sponsors[owner]
    if let sponsor {
      guard hold(1, for: sponsor) else { return nil }
      overlay.changeAccount(owner) { $0.changeSponsored(by: 1) }
    } else {
      guard let account = overlay[.account(owner)]?.account,
        account.available >= AccountEntry.baseReserve
      else { return nil }
    }
    overlay.changeAccount(owner) { $0.subentries += 1 }
    return Sponsor(sponsor)
  }
}

extension SetOptions {
  var changesWhoMaySign: Bool {
    masterWeight != nil || lowThreshold != nil || mediumThreshold != nil || highThreshold != nil
      || signer != nil
  }
}
