import Bytes
import Devnet
import KaleRules
import Pool
import Sodium
import StellarClient
import StellarXDR

/// Farmers of ours: accounts with a trustline and KALE on the devnet, members in the books.
extension StrategyRun {
  private static let kale: Int64 = 1_000 * Stroops.perCoin
  private static let xlm: Int64 = 10_000 * Stroops.perCoin

  mutating func setUp() throws {
    for farmer in stride(from: Int64(1), through: Int64(settings.farmers), by: 1) {
      let pair = Ed25519KeyPair(
        seed: sha256(Array("strategy \(settings.seed) farmer \(farmer)".utf8)))
      pairs[pair.publicKey] = pair
    }
    let wallets = pairs.keys.sorted()
    try apply(
      wallets.map { calls.createAccount($0, startingBalance: Stroops(Self.xlm)) },
      by: DevnetKeys.friendbot)
    for wallet in wallets {
      guard let pair = pairs[wallet] else { continue }
      try apply([calls.trustKale()], by: pair)
    }
    try apply(
      wallets.map { calls.payKale(to: .account($0), Stroops(Self.kale)) },
      by: DevnetKeys.homesteader)
    open()
    for (number, wallet) in wallets.enumerated() { join(Int64(number + 1), wallet) }
  }

  private mutating func apply(_ operations: [Operation], by source: Ed25519KeyPair) throws {
    guard let account = ledger.account(source.publicKey) else {
      throw StrategyError("the devnet lacks an account")
    }
    let transaction = Transaction(
      source: .account(source.publicKey), fee: 100 * UInt32(operations.count),
      sequence: account.sequence + 1, preconditions: .none, operations: operations)
    let frame = frame(transaction, source)
    guard ledger.submit(frame) == .pending else { throw StrategyError("refused: \(operations)") }
    ledger.close()
    guard let closed = ledger.history.transaction(frame.hash), closed.transaction.isSuccess else {
      throw StrategyError("failed: \(operations)")
    }
  }

  private mutating func open() {
    let bond = sha256(Array("strategy bond".utf8))
    record([
      CoordinatorStarted(
        version: "strategy", ledger: LedgerSequence(ledger.latest.sequence),
        ledgerCloseTime: Int64(ledger.latest.closeTime)),
      WalletMade(wallet: bond, kind: .bond, owner: Self.pooler), WalletReady(wallet: bond),
      PoolerRegistered(
        pooler: Self.pooler, name: "pooler", payout: "", bondWallet: bond, shareBps: 5_000,
        farmersMax: settings.farmers),
      AgentEnrolled(agent: Self.agent, pooler: Self.pooler, tokenKey: .zero, name: "agent"),
      SessionOpened(agent: Self.agent, session: [], address: "here", version: "strategy"),
    ])
    run.sessionOpened(Self.agent)
  }

  private mutating func join(_ farmer: FarmerID, _ wallet: Bytes32) {
    let xlm = (ledger.account(wallet)?.balance).map { Stroops($0) } ?? 0
    record([
      WalletMade(wallet: wallet, kind: .farmer, owner: farmer),
      FarmerRegistered(
        farmer: farmer, handle: "farmer\(farmer)", passwordHash: "", wallet: wallet,
        custodyNotice: "1"),
      WalletReady(wallet: wallet),
      DepositSeen(
        wallet: wallet, asset: .xlm, amount: xlm, sender: "", chainEvent: "x\(farmer)", ledger: 1),
      DepositSeen(
        wallet: wallet, asset: .kale, amount: Stroops(Self.kale), sender: "",
        chainEvent: "k\(farmer)", ledger: 1),
      SettingsChanged(
        farmer: farmer, stakeBps: 2_000, harvestAfterBlocks: 1, stakeCap: nil, paused: false),
      AgreementMade(
        agreement: farmer, farmer: farmer, pooler: Self.pooler, shareBps: 5_000, payout: ""),
      AgreementConfirmed(agreement: farmer, farmer: farmer, transaction: .zero),
    ])
  }
}
