import Bytes
import StellarXDR

/// The classic operations the pool and its tests need, on top of the ledger.
///
/// Each returns the operation's result; the caller drops the layer of a failed one. Source:
/// stellar.md §2 (results) and §4 (reserves); stellar-core transactions/*OpFrame.cpp.
struct ClassicOperations {
  let overlay: Overlay
  let world: ContractWorld
  /// Who pays the reserves of whom until the end of the transaction or of the sandwich.
  private(set) var sponsors: [AccountID: AccountID] = [:]
  /// What the operation at hand emitted.
  private(set) var events: [ContractEvent] = []

  init(overlay: Overlay, world: ContractWorld) {
    self.overlay = overlay
    self.world = world
  }

  mutating func run(_ operation: Operation, source: AccountID) -> OperationResult {
    events = []
    let type = operation.body.type
    guard overlay[.account(source)] != nil else { return .refused(.noAccount) }
    if operation.body.isMalformed(source: source) { return .tried(type, code: -1, .none) }
    let code: Int32
    switch operation.body {
    case .createAccount(let destination, let balance):
      code = createAccount(destination, balance, source: source)
    case .payment(let destination, let asset, let amount):
      code = pay(destination, asset, amount, source: source)
    case .changeTrust(.asset(let asset), let limit):
      code = changeTrust(asset, limit, source: source)
    case .accountMerge(let destination): return merge(source, into: destination)
    case .setOptions(let options): code = setOptions(options, source: source)
    case .manageData(let name, let value): code = manageData(name, value, source: source)
    case .bumpSequence(let sequence): code = bump(to: sequence, source: source)
    case .beginSponsoringFutureReserves(let sponsored):
      code = beginSponsoring(sponsored, source: source)
    case .endSponsoringFutureReserves:
      code = sponsors.removeValue(forKey: source) == nil ? -1 : 0
    default: return .refused(.notSupported)
    }
    return .tried(type, code: code, .none)
  }

  private mutating func createAccount(_ id: AccountID, _ balance: Int64, source: AccountID) -> Int32
  {
    guard overlay[.account(id)] == nil else { return -4 }
    var entry = StoredEntry(
      .account(AccountEntry.new(id, balance: balance, ledger: overlay.sequence)))
    if let sponsor = sponsors[id] {
      guard hold(2, for: sponsor) else { return -3 }
      entry.entry.ext = LedgerEntryExtension(sponsor: Sponsor(sponsor))
      entry.changeAccount { $0.changeSponsored(by: 2) }
    } else if balance < 2 * AccountEntry.baseReserve {
      return -3
    }
    guard let payer = overlay[.account(source)]?.account, payer.available >= balance else {
      return -2
    }
    overlay.changeAccount(source) { $0.balance -= balance }
    overlay.write(entry, at: .account(id))
    emit(.native, balance, from: source, to: .account(id))
    return 0
  }

  private mutating func pay(
    _ destination: MuxedAccount, _ asset: Asset, _ amount: Int64, source: AccountID
  ) -> Int32 {
    let receiver = destination.accountID
    guard overlay[.account(receiver)] != nil else { return -5 }
    let code =
      asset == .native
      ? payXLM(amount, source, receiver) : payAsset(asset, amount, source, receiver)
    if code == 0 { emit(asset, amount, from: source, to: destination) }
    return code
  }

  private func payXLM(_ amount: Int64, _ source: AccountID, _ receiver: AccountID) -> Int32 {
    guard let payer = overlay[.account(source)]?.account, payer.available >= amount else {
      return -2
    }
    overlay.changeAccount(source) { $0.balance -= amount }
    guard let payee = overlay[.account(receiver)]?.account, amount <= Int64.max - payee.balance
    else { return -8 }
    overlay.changeAccount(receiver) { $0.balance += amount }
    return 0
  }

  private func payAsset(
    _ asset: Asset, _ amount: Int64, _ source: AccountID, _ receiver: AccountID
  ) -> Int32 {
    if source != asset.issuer {
      let key = LedgerKey.trustline(of: source, for: asset)
      guard var stored = overlay[key], var line = stored.trustline else { return -3 }
      guard line.isAuthorized else { return -4 }
      guard line.balance >= amount else { return -2 }
      line.balance -= amount
      stored.data = .trustline(line)
      overlay.write(stored, at: key)
    }
    if receiver != asset.issuer {
      let key = LedgerKey.trustline(of: receiver, for: asset)
      guard var stored = overlay[key], var line = stored.trustline else { return -6 }
      guard line.isAuthorized else { return -7 }
      guard amount <= line.limit - line.balance else { return -8 }
      line.balance += amount
      stored.data = .trustline(line)
      overlay.write(stored, at: key)
    }
    return 0
  }

  private mutating func changeTrust(_ asset: Asset, _ limit: Int64, source: AccountID) -> Int32 {
    guard let issuer = asset.issuer else { return -1 }
    guard issuer != source else { return -5 }
    let key = LedgerKey.trustline(of: source, for: asset)
    if var stored = overlay[key], var line = stored.trustline {
      guard limit >= line.balance else { return -3 }
      if limit == 0 {
        overlay.write(nil, at: key)
        release(1, of: source, sponsor: stored.entry.ext.sponsor?.account)
        overlay.changeAccount(source) { $0.dropSubentry() }
        return 0
      }
      guard overlay[.account(issuer)] != nil else { return -2 }
      line.limit = limit
      stored.data = .trustline(line)
      overlay.write(stored, at: key)
      return 0
    }
    guard limit > 0 else { return -6 }
    guard overlay[.account(issuer)] != nil else { return -2 }
    var stored = StoredEntry(
      .trustline(
        TrustLineEntry(account: source, asset: .asset(asset), balance: 0, limit: limit)))
    if let sponsor = sponsors[source] {
      guard hold(1, for: sponsor) else { return -4 }
      stored.entry.ext = LedgerEntryExtension(sponsor: Sponsor(sponsor))
      overlay.changeAccount(source) { $0.changeSponsored(by: 1) }
    } else {
      guard let owner = overlay[.account(source)]?.account,
        owner.available >= AccountEntry.baseReserve
      else { return -4 }
    }
    overlay.changeAccount(source) { $0.subentries += 1 }
    overlay.write(stored, at: key)
    return 0
  }

  private mutating func merge(_ source: AccountID, into destination: MuxedAccount)
    -> OperationResult
  {
    func failed(_ code: Int32) -> OperationResult { .tried(.accountMerge, code: code, .none) }
    let receiver = destination.accountID
    guard let payee = overlay[.account(receiver)]?.account else { return failed(-2) }
    guard let stored = overlay[.account(source)], let owner = stored.account else {
      return failed(-1)
    }
    guard Int(owner.subentries) == owner.signers.count else { return failed(-4) }
    guard owner.sequence < Int64(overlay.sequence) << 32 else { return failed(-5) }
    guard owner.balance <= Int64.max - payee.balance else { return failed(-6) }
    guard owner.sponsoring == 0, !sponsors.values.contains(source) else { return failed(-7) }
    if let sponsor = stored.entry.ext.sponsor?.account {
      overlay.changeAccount(sponsor) { $0.changeSponsoring(by: -2) }
    }
    for sponsor in owner.extensionV1?.v2?.signerSponsors ?? [] {
      release(1, of: source, sponsor: sponsor.account)
    }
    overlay.write(nil, at: .account(source))
    overlay.changeAccount(receiver) { $0.balance += owner.balance }
    emit(.native, owner.balance, from: source, to: destination)
    return .tried(.accountMerge, code: 0, .merged(balance: owner.balance))
  }

  private mutating func beginSponsoring(_ sponsored: AccountID, source: AccountID) -> Int32 {
    guard sponsors[sponsored] == nil else { return -2 }
    guard sponsors[source] == nil, !sponsors.values.contains(sponsored) else { return -3 }
    sponsors[sponsored] = source
    return 0
  }

  /// Counts `entries` more that `sponsor` pays for, if it has the XLM.
  func hold(_ entries: Int32, for sponsor: AccountID) -> Bool {
    guard let payer = overlay[.account(sponsor)]?.account,
      payer.available >= Int64(entries) * AccountEntry.baseReserve
    else { return false }
    overlay.changeAccount(sponsor) { $0.changeSponsoring(by: entries) }
    return true
  }

  func release(_ entries: Int32, of owner: AccountID, sponsor: AccountID?) {
    guard let sponsor else { return }
    overlay.changeAccount(sponsor) { $0.changeSponsoring(by: -entries) }
    overlay.changeAccount(owner) { $0.changeSponsored(by: -entries) }
  }

  /// Classic payments show as the asset contract's events since protocol 23 (CAP-67).
  private mutating func emit(
    _ asset: Asset, _ amount: Int64, from: AccountID, to: MuxedAccount
  ) {
    let contract: AssetContract
    switch asset {
    case .native: contract = world.native
    case world.network.asset: contract = world.asset
    default:
      contract = AssetContract(
        asset: asset, id: asset.contractID(networkID: world.network.networkID))
    }
    var muxedID: UInt64?
    if case .muxed(let id, _) = to { muxedID = id }
    events.append(
      contract.event(
        transfer: Int128(amount), from: .account(from), to: .account(to.accountID),
        muxedID: muxedID))
  }
}

extension Overlay {
  /// Changes an account that exists.
  func changeAccount(_ id: AccountID, _ change: (inout AccountEntry) -> Void) {
    guard var stored = self[.account(id)] else { return }
    stored.changeAccount(change)
    write(stored, at: .account(id))
  }
}

extension StoredEntry {
  mutating func changeAccount(_ change: (inout AccountEntry) -> Void) {
    guard case .account(var account) = data else { return }
    change(&account)
    data = .account(account)
  }
}
