import Bytes
import StellarXDR

/// Holds a transaction against the rules of one wallet. Pure: no key is near.
///
/// What a kind of wallet may do:
///
/// | kind | may |
/// | --- | --- |
/// | farmer | plant, work, harvest for itself; KALE's trustline; the split contract for itself; once settled, pay or merge to its payout address |
/// | treasury | make and pay our own wallets; KALE's trustline; open a block with a stake of 0; pay its payout address |
/// | bond | KALE's trustline; pay farmers' wallets, and those who left and are owed; pay or merge to the pooler |
/// | channel | work and harvest for our farmers |
/// | sponsor | pay the fee of our farmers' works, harvests and settlements, by fee bumps; make farmers' wallets and bear their reserves |
struct SigningCheck {
  let wallet: AccountID
  let policy: WalletPolicy

  init(
    wallet: AccountID, purpose: WalletPurpose, policy: WalletPolicy
  ) throws(CustodyError) {
    self.wallet = wallet
    self.policy = policy
    guard purpose == policy.purpose else {
      throw refusal(
        .walletKind, "a \(purpose.rawValue)'s seed under a \(policy.purpose.rawValue)'s rules")
    }
  }

  func check(_ transaction: Transaction) throws(CustodyError) {
    if policy.purpose == .farmer, transaction.source != .account(wallet) {
      return try checkBeingMade(by: transaction)
    }
    guard transaction.source == .account(wallet) else {
      throw refusal(.source, "the source is \(transaction.source)")
    }
    guard Int64(transaction.fee) <= policy.feeMax else {
      throw refusal(.fee, "a fee of \(transaction.fee) stroops, \(policy.feeMax) are allowed")
    }
    if policy.purpose == .sponsor { return try checkMaking(transaction) }
    let farmers = policy.purpose == .channel ? policy.ownWallets : [wallet]
    try checkBody(transaction, farmerWallets: farmers, caller: policy.purpose)
  }

  /// A wallet offers more for a transaction of its own; a farmer pays for its own works and harvests
  /// from a channel; a sponsor for any farmer's works, harvests and settlements, which moves
  /// nothing of the sponsor's but the fee.
  func check(_ feeBump: FeeBumpTransaction) throws(CustodyError) {
    let isOwn = feeBump.inner.source == .account(wallet) && policy.purpose != .channel
    guard isOwn || policy.purpose == .farmer || policy.purpose == .sponsor else {
      throw refusal(.operation, "a \(policy.purpose.rawValue) pays nobody's fees")
    }
    guard feeBump.feeSource == .account(wallet) else {
      throw refusal(.source, "the fee source is \(feeBump.feeSource)")
    }
    guard (0...policy.feeMax).contains(feeBump.fee) else {
      throw refusal(.fee, "a fee of \(feeBump.fee) stroops, \(policy.feeMax) are allowed")
    }
    if policy.purpose == .sponsor, isOwn {
      try checkMaking(feeBump.inner)
    } else if policy.purpose == .sponsor {
      try checkBody(feeBump.inner, farmerWallets: policy.ownWallets, caller: .sponsor)
    } else if isOwn {
      try checkBody(feeBump.inner, farmerWallets: [wallet], caller: policy.purpose)
    } else {
      try checkBody(feeBump.inner, farmerWallets: [wallet], caller: .channel)
    }
  }

  private func checkBody(
    _ transaction: Transaction, farmerWallets: Set<AccountID>, caller: WalletPurpose
  ) throws(CustodyError) {
    try checkExpiry(transaction)
    guard !transaction.operations.isEmpty else {
      throw refusal(.operationCount, "the transaction does nothing")
    }
    if transaction.operations.count > 1, transaction.operations.contains(where: \.isSoroban) {
      throw refusal(.operationCount, "a contract call is not alone")
    }
    for operation in transaction.operations {
      if let source = operation.source, source != transaction.source {
        throw refusal(.operationSource, "an operation comes from \(source)")
      }
      try check(operation.body, farmerWallets: farmerWallets, caller: caller)
    }
  }

  func checkExpiry(_ transaction: Transaction) throws(CustodyError) {
    guard let bounds = transaction.preconditions.timeBounds, bounds.max > 0 else {
      throw refusal(.expiry, "the transaction never expires")
    }
  }

  private func check(
    _ body: Operation.Body, farmerWallets: Set<AccountID>, caller: WalletPurpose
  ) throws(CustodyError) {
    switch body {
    case .invokeHostFunction(.invoke(let call), let auth):
      try checkCall(call, auth: auth, farmerWallets: farmerWallets, caller: caller)
    case .changeTrust(let asset, _):
      try allow([.farmer, .treasury, .bond], caller, body)
      guard asset == .asset(policy.network.asset) else {
        throw refusal(.asset, "a trustline for something else than KALE")
      }
    case .payment(let destination, let asset, let amount):
      try allow([.farmer, .treasury, .bond], caller, body)
      guard asset == .native || asset == policy.network.asset else {
        throw refusal(.asset, "a payment in \(asset)")
      }
      try checkTransfer(to: .init(destination), amount: Int128(amount))
    case .accountMerge(let destination):
      try allow([.farmer, .bond], caller, body)
      try checkLeaving(to: .init(destination))
    case .createAccount(let destination, let balance):
      try allow([.treasury], caller, body)
      guard policy.ownWallets.contains(destination) else {
        throw refusal(.destination, "an account that is not ours: \(StrKey.account(destination))")
      }
      guard balance >= 0 else { throw refusal(.amount, "a balance of \(balance)") }
    default:
      throw refusal(.operation, "\(body.type)")
    }
  }

  private func allow(
    _ kinds: Set<WalletPurpose>, _ caller: WalletPurpose, _ body: Operation.Body
  ) throws(CustodyError) {
    guard kinds.contains(caller) else {
      throw refusal(.operation, "\(body.type) from a \(policy.purpose.rawValue)")
    }
  }

  // MARK: Money that leaves

  /// A payment or a transfer by the asset's contract.
  func checkTransfer(to destination: SCAddress, amount: Int128) throws(CustodyError) {
    guard amount > 0 else { throw refusal(.amount, "an amount of \(amount)") }
    if policy.purpose != .farmer, case .account(let account) = destination,
      policy.ownWallets.contains(account)
    {
      return
    }
    if policy.purpose == .bond, policy.creditors.contains(destination) { return }
    try checkLeaving(to: destination)
  }

  private func checkLeaving(to destination: SCAddress) throws(CustodyError) {
    guard let payout = policy.payout, destination == payout else {
      throw refusal(.destination, "\(destination) is not the registered payout address")
    }
    guard policy.purpose != .farmer || policy.isSettled else {
      throw refusal(.settlement, "nothing is paid out before the split")
    }
  }

  func refusal(_ rule: SigningRule, _ what: String) -> CustodyError {
    CustodyError(
      .refused(rule),
      "signing refused for \(StrKey.account(wallet)) by the rule \(rule.rawValue): \(what)")
  }
}

extension SCAddress {
  /// The same account in a contract's terms.
  fileprivate init(_ account: MuxedAccount) {
    switch account {
    case .account(let key): self = .account(key)
    case .muxed(let id, let key): self = .muxedAccount(id: id, key)
    }
  }
}
