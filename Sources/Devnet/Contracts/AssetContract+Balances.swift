import Bytes
import KaleRules
import StellarXDR

/// Balances: of accounts their trustline or, for XLM, the account itself; of contracts an entry of
/// the asset's contract. The issuer's is endless.
extension AssetContract {
  func balance(of holder: SCAddress, on host: ContractHost) throws(HostError) -> Int128 {
    switch holder {
    case .account(let account) where asset == .native:
      return Int128(try self.account(account, on: host).balance)
    case .account(let account):
      if account == asset.issuer { return Int128(Int64.max) }
      return Int128(try trustline(of: account, on: host).balance)
    case .contract(let contract):
      return try contractBalance(of: contract, on: host)?[field: "amount"]?.asI128 ?? 0
    default: throw Self.unknownHolder
    }
  }

  func isAuthorized(_ holder: SCAddress, on host: ContractHost) throws(HostError) -> Bool {
    switch holder {
    case .account(let account) where asset != .native && account != asset.issuer:
      return try trustline(of: account, on: host).isAuthorized
    case .contract(let contract):
      guard
        case .bool(let flag)? = try contractBalance(of: contract, on: host)?[field: "authorized"]
      else { return true }
      return flag
    default: return true
    }
  }

  /// Takes `amount` ≥ 0 from a holder whose agreement was checked.
  func spend(_ amount: Int128, of holder: SCAddress, on host: ContractHost) throws(HostError) {
    switch holder {
    case .account(let account) where asset == .native:
      var entry = try self.account(account, on: host)
      let amount = try small(amount)
      guard entry.available >= amount else { throw Self.tooSmall }
      entry.balance -= amount
      try host.write(classic: .account(entry), at: .account(account))
    case .account(let account):
      if account == asset.issuer { return }
      var line = try authorizedLine(of: account, on: host)
      let amount = try small(amount)
      guard line.balance - (line.extensionV1?.liabilities.selling ?? 0) >= amount else {
        throw Self.tooSmall
      }
      line.balance -= amount
      try host.write(classic: .trustline(line), at: .trustline(of: account, for: asset))
    case .contract(let contract):
      let balance = try contractBalance(of: contract, on: host)?[field: "amount"]?.asI128 ?? 0
      guard balance >= amount else { throw Self.tooSmall }
      try write(balance - amount, of: contract, on: host)
    default: throw Self.unknownHolder
    }
  }

  /// Gives `amount` ≥ 0 to a holder.
  func receive(_ amount: Int128, by holder: SCAddress, on host: ContractHost) throws(HostError) {
    switch holder {
    case .account(let account) where asset == .native:
      try receiveXLM(amount, account, on: host)
    case .account(let account):
      if account == asset.issuer { return }
      var line = try authorizedLine(of: account, on: host)
      let amount = try small(amount)
      guard amount <= line.limit - line.balance else {
        throw Self.error(.balance, "resulting balance is not within the allowed range")
      }
      line.balance += amount
      try host.write(classic: .trustline(line), at: .trustline(of: account, for: asset))
    case .contract(let contract):
      let balance = try contractBalance(of: contract, on: host)?[field: "amount"]?.asI128 ?? 0
      let sum = balance.addingReportingOverflow(amount)
      guard !sum.overflow else { throw Self.error(.overflow, "balance overflow") }
      try write(sum.partialValue, of: contract, on: host)
    default: throw Self.unknownHolder
    }
  }

  /// XLM for an account, which the transfer makes if need be (protocol 26).
  private func receiveXLM(_ amount: Int128, _ account: AccountID, on host: ContractHost)
    throws(HostError)
  {
    let key = LedgerKey.account(account)
    let amount = try small(amount)
    guard var entry = try host.read(key)?.account else {
      guard amount >= 2 * AccountEntry.baseReserve else {
        throw Self.error(.accountMissing, "account entry is missing")
      }
      let new = AccountEntry.new(account, balance: amount, ledger: host.world.sequence)
      return try host.write(classic: .account(new), at: key)
    }
    guard amount <= Int64.max - entry.balance else {
      throw Self.error(.balance, "resulting balance is not within the allowed range")
    }
    entry.balance += amount
    try host.write(classic: .account(entry), at: key)
  }

  private func account(_ id: AccountID, on host: ContractHost) throws(HostError) -> AccountEntry {
    guard let entry = try host.read(.account(id))?.account else {
      throw Self.error(.accountMissing, "account entry is missing")
    }
    return entry
  }

  private func trustline(of account: AccountID, on host: ContractHost) throws(HostError)
    -> TrustLineEntry
  {
    guard let line = try host.read(.trustline(of: account, for: asset))?.trustline else {
      throw Self.error(.trustlineMissing, "trustline entry is missing for account")
    }
    return line
  }

  private func authorizedLine(of account: AccountID, on host: ContractHost) throws(HostError)
    -> TrustLineEntry
  {
    let line = try trustline(of: account, on: host)
    guard line.isAuthorized else {
      throw Self.error(.balanceDeauthorized, "balance is deauthorized")
    }
    return line
  }

  private func small(_ amount: Int128) throws(HostError) -> Int64 {
    guard let amount = Int64(exactly: amount) else {
      throw Self.error(.overflow, "amount is too large for a classic balance")
    }
    return amount
  }

  private func contractBalance(of contract: Bytes32, on host: ContractHost) throws(HostError)
    -> SCVal?
  { try host.read(balanceKey(contract))?.contractValue }

  private func write(_ amount: Int128, of contract: Bytes32, on host: ContractHost)
    throws(HostError)
  {
    try host.write(
      .map([
        SCMapEntry(key: .symbol("amount"), value: .i128(amount)),
        SCMapEntry(key: .symbol("authorized"), value: .bool(true)),
        SCMapEntry(key: .symbol("clawback"), value: .bool(false)),
      ]), at: balanceKey(contract))
    try extendLives(contract, on: host)
  }

  /// A day of ledgers, by which the asset's contract keeps itself and balances alive.
  private static let day: UInt32 = 17_280

  /// On use: balances of contracts live for 30 days, the contract for 7.
  func extendLives(_ holder: Bytes32? = nil, on host: ContractHost) throws(HostError) {
    try host.extend(.instance(of: id), below: 6 * Self.day, to: 7 * Self.day)
    guard let holder else { return }
    try host.extend(balanceKey(holder), below: 29 * Self.day, to: 30 * Self.day)
  }

  private func balanceKey(_ contract: Bytes32) -> LedgerKey {
    .persistent(id, .key("Balance", .address(.contract(contract))))
  }

  private static let tooSmall = error(.balance, "balance is not sufficient to spend")
  private static let unknownHolder = HostError(
    .host(.value, .invalidInput), "only accounts and contracts hold balances")
}
