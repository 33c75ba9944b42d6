import Bytes
import KaleRules
import Pool
import SplitRules

/// What transactions do in the ledger being made.
extension ChainModel {
  /// Charges and runs one transaction. Nil: it cannot be in this ledger at all.
  func execute(_ transaction: ChainTransaction, isBroken: Bool) -> ChainOutcome? {
    guard let account = accounts[transaction.source], account.sequence + 1 == transaction.sequence,
      closeTime <= transaction.maxTime, available(transaction.payer) >= transaction.fee
    else { return nil }
    accounts[transaction.payer]?.xlm -= transaction.fee
    accounts[transaction.source]?.sequences.append((sequence, transaction.sequence))
    if account.sequences.count > 8 { accounts[transaction.source]?.sequences.removeFirst(4) }
    var outcome = ChainOutcome(
      ledger: sequence, payer: transaction.payer, fee: transaction.fee)
    if isBroken {
      outcome.failure = .resources
    } else {
      do throws(ChainFailure) {
        outcome.returned = try run(transaction)
      } catch {
        outcome.failure = error
      }
    }
    outcomes[transaction.hash] = outcome
    return outcome
  }

  private func run(_ transaction: ChainTransaction) throws(ChainFailure) -> Int64? {
    let source = transaction.source
    switch transaction.call {
    case .plant, .work, .harvest: return try runFarm(transaction)
    case .trust:
      guard available(source) >= Self.trustReserve else { throw .noBalance }
      if token.trustlines[.account(source)] == nil {
        token.trustlines[.account(source)] = .init(balance: 0)
        accounts[source]?.trustsSince = sequence
      }
    case .untrust:
      guard kale(source) == 0 else { throw .hasBalance }
      token.trustlines[.account(source)] = nil
      accounts[source]?.trustsSince = nil
    case .createAccounts(let wallets, let amount):
      guard wallets.allSatisfy({ accounts[$0] == nil }) else { throw .hasBalance }
      guard available(source) >= amount * Int64(wallets.count) else { throw .noBalance }
      for wallet in wallets {
        accounts[source]?.xlm -= amount
        accounts[wallet] = Account(
          xlm: amount, sequences: [(sequence, Int64(sequence.rawValue) << 32)],
          createdIn: sequence)
        note(isKale: false, to: wallet, from: source, amount, transaction: transaction.hash)
      }
    case .pay(let wallet, let amount):
      try move(amount, from: source, to: Self.address(wallet), transaction.hash)
    case .transfer(let address, let amount):
      try move(amount, from: source, to: address, transaction.hash)
    case .merge(let address, let spare): try merge(source, into: address, spare)
    case .join(let terms):
      if let known = self.terms[source], known != terms { throw .alreadyJoined }
      self.terms[source] = terms
    case .setPayout(let payout):
      guard terms[source] != nil else { throw .notJoined }
      terms[source]?.payout = payout
    case .settle(let settlement): try settle(source, settlement, transaction.hash)
    }
    return nil
  }

  private func runFarm(_ transaction: ChainTransaction) throws(ChainFailure) -> Int64? {
    let farmer = FarmAddress.account(transaction.farmer)
    var host = self
    if let footprint = transaction.footprint, footprint != touched(by: transaction.call, farmer) {
      throw .farm(.outsideFootprint)
    }
    do throws(FarmFailure) {
      switch transaction.call {
      case .plant(let amount):
        try contract.plant(farmer: farmer, amount: Int128(amount), on: &host)
      case .work(let hash, let nonce):
        return Int64(try contract.work(farmer: farmer, hash: hash, nonce: nonce, on: &host))
      case .harvest(let index):
        return try harvest(transaction.farmer, index, transaction.hash)
      default: break
      }
    } catch {
      throw .farm(error)
    }
    return nil
  }

  /// Anybody may harvest for anybody.
  @discardableResult func harvest(
    _ wallet: Bytes32, _ index: BlockIndex, _ transaction: Bytes32
  ) throws(FarmFailure) -> Int64 {
    var host = self
    let stake = pail(wallet, index)?.stake ?? 0
    let reward = try contract.harvest(farmer: .account(wallet), index: index, on: &host)
    note(
      isKale: true, to: wallet, from: nil, Int64(reward + stake), isMint: true, block: index,
      transaction: transaction)
    return Int64(reward)
  }

  /// The block a call would touch in the ledger being made.
  private func touched(by call: ChainCall, _ farmer: FarmAddress) -> BlockIndex? {
    guard case .plant = call else { return farm.index }
    let isOver = closeTime >= openedAt + Int64(contract.blockSeconds)
    return isOver || block(farm.index) == nil && farm.index > 0 ? farm.index.next : farm.index
  }

  // MARK: - Money

  static func address(_ key: Bytes32) -> String { "G\(key)" }

  /// The account or contract behind an address.
  static func key(_ address: String) -> Bytes32? { Bytes32(hex: String(address.dropFirst())) }

  /// Whether an address can take so much KALE.
  func canReceive(_ address: String, _ amount: Int64) -> Bool {
    guard address.hasPrefix("G"), let key = Self.key(address) else { return true }
    guard accounts[key] != nil, let line = token.trustlines[.account(key)] else { return false }
    return line.limit - line.balance >= amount
  }

  func move(
    _ amount: Int64, from source: Bytes32, to address: String, _ transaction: Bytes32
  ) throws(ChainFailure) {
    guard amount > 0, kale(source) >= amount else { throw .noBalance }
    guard let key = Self.key(address), canReceive(address, amount) else { throw .noTrustline }
    token.trustlines[.account(source)]?.balance -= amount
    if address.hasPrefix("C") {
      token.contractBalances[.contract(key), default: 0] += Int128(amount)
    } else {
      token.trustlines[.account(key)]?.balance += amount
      note(isKale: true, to: key, from: source, amount, transaction: transaction)
    }
  }

  private func merge(
    _ source: Bytes32, into address: String, _ spare: Int64
  ) throws(ChainFailure) {
    if address.hasPrefix("C") {
      guard available(source) >= spare else { throw .noBalance }
      accounts[source]?.xlm -= spare
      return
    }
    guard token.trustlines[.account(source)] == nil else { throw .hasBalance }
    guard let key = Self.key(address), accounts[key] != nil, let account = accounts[source] else {
      throw .noAccount
    }
    accounts[key]?.xlm += account.xlm
    accounts[source] = nil
  }

  private func settle(
    _ wallet: Bytes32, _ settlement: ChainCall.Settlement, _ transaction: Bytes32
  ) throws(ChainFailure) {
    if exits[wallet]?[settlement.exit] != nil { return }
    guard let terms = terms[wallet] else { throw .notJoined }
    let payments: Split.Payments
    do {
      payments = try split(
        amount: Int128(settlement.amount), rewards: Int128(settlement.rewards),
        loss: Int128(settlement.loss), shareBps: terms.shareBps
      ).payments(held: Int128(settlement.held))
    } catch { throw .heldOutOfRange }
    let parts = [
      (terms.pooler, Int64(payments.toPooler)), (Self.address(terms.bond), Int64(payments.toBond)),
      (terms.payout, Int64(payments.toFarmer)),
    ].filter { $0.1 > 0 }
    guard kale(wallet) >= settlement.amount else { throw .noBalance }
    guard parts.allSatisfy({ canReceive($0.0, $0.1) }) else { throw .noTrustline }
    for (address, amount) in parts { try move(amount, from: wallet, to: address, transaction) }
    exits[wallet, default: [:]][settlement.exit] = settlement
    self.terms[wallet] = nil
  }
}
