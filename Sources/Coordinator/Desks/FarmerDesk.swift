package import Bridge
import Custody
import KaleRules
package import Logging
import Pool
import StellarXDR
package import Store

/// What farmers ask for, answered from the pool's state and its history.
///
/// Checks and the events that follow are one step of the engine, so that two requests at once
/// cannot both pass. Errors name the field and say what to do.
package struct FarmerDesk: PoolService {
  let engine: PoolEngine
  /// Nil where no wallet can be made; then nobody can register.
  let keeper: WalletKeeper?
  let history: History
  let pace: Pace
  let payouts: any PayoutChecker
  let settings: DeskSettings
  let log: Logger
  let numbers = NumberSource()
  let performance: PoolerPerformance

  package init(
    engine: PoolEngine, keeper: WalletKeeper?, history: History, pace: Pace,
    payouts: any PayoutChecker, settings: DeskSettings, log: Logger
  ) {
    self.engine = engine
    self.keeper = keeper
    self.history = history
    self.pace = pace
    self.payouts = payouts
    self.settings = settings
    self.log = log
    performance = PoolerPerformance(history: history)
  }

  // MARK: - The pool

  package func poolInfo() async throws -> API.PoolInfo {
    let pool = await engine.read { state, _ in state.settings }
    let registration = registrationNote
    let joining = joiningNote
    return API.PoolInfo(
      name: settings.poolName, network: settings.network.name,
      registrationOpen: registration == nil, registrationNote: registration,
      joiningOpen: joining == nil, joiningNote: joining,
      stakeBpsDefault: Int(settings.stakeBpsDefault.rawValue),
      harvestAfterBlocksDefault: harvestAfterBlocksDefault(pool),
      harvestAfterBlocksMax: pool.harvestAfterBlocksMax, blockSeconds: Int(pool.blockSeconds),
      minimumXLM: API.Amount(stroops: Standing.xlmToBegin(pool).rawValue),
      fundingHint: settings.fundingHint)
  }

  /// Why nobody can register; nil: everybody can.
  var registrationNote: String? {
    if keeper == nil {
      return "The pool has no master key and makes no wallets: the operator must set one."
    }
    return settings.isOpen ? nil : "The operator takes no new farmers for now."
  }

  /// Why nobody can join; nil: everybody can.
  var joiningNote: String? {
    settings.network.splitContract == nil
      ? "There is no split contract on the \(settings.network.name) network yet, so nobody can join."
      : nil
  }

  func harvestAfterBlocksDefault(_ pool: PoolSettings) -> Int {
    min(settings.harvestAfterBlocksDefault, pool.harvestAfterBlocksMax)
  }

  // MARK: - Registering and logging in

  package func register(_ registration: API.Registration) async throws -> API.Registered {
    guard let keeper, registrationNote == nil else {
      throw BridgeError(.unavailable, registrationNote ?? "")
    }
    // Looked at before a wallet is made for nothing, and again when it counts.
    let number = try await engine.read { [settings, numbers] state, _ in
      _ = try Self.check(registration, state, settings)
      return numbers.next(after: state.farmers.keys.max() ?? 0)
    }
    let wallet = try await keeper.makeWallet(owner: number, purpose: .farmer)
    try await engine.decide { [settings] state, _ in
      let payout = try Self.check(registration, state, settings)
      let harvest = min(
        settings.harvestAfterBlocksDefault, state.settings.harvestAfterBlocksMax)
      let events: [any PoolEvent] = [
        WalletMade(wallet: wallet, kind: .farmer, owner: number),
        FarmerRegistered(
          farmer: number, handle: registration.handle, passwordHash: registration.passwordHash,
          wallet: wallet, custodyNotice: registration.custodyNotice),
        PayoutChanged(farmer: number, payout: payout, effectiveAt: 0),
        SettingsChanged(
          farmer: number, stakeBps: settings.stakeBpsDefault, harvestAfterBlocks: harvest,
          stakeCap: nil, paused: false),
      ]
      return ((), events)
    }
    return API.Registered(
      farmer: API.FarmerID(rawValue: number), walletAddress: StrKey.account(wallet))
  }

  /// The payout address in its one form, where this registration may pass.
  private static func check(
    _ registration: API.Registration, _ state: PoolState, _ settings: DeskSettings
  ) throws(BridgeError) -> String {
    guard state.farmersByHandle[registration.handle] == nil else {
      throw BridgeError(.conflict, "This name is taken: choose another.", field: "handle")
    }
    return try PayoutAddress.check(
      registration.payoutAddress, field: "payoutAddress", in: state, on: settings.network)
  }

  package func credentials(handle: String) async throws -> API.Credentials? {
    await engine.read { state, _ in
      state.farmersByHandle[handle].flatMap { state.farmers[$0] }.map(API.Credentials.init)
    }
  }

  package func credentials(farmer: API.FarmerID) async throws -> API.Credentials? {
    await engine.read { state, _ in
      state.farmers[farmer.rawValue].map(API.Credentials.init)
    }
  }

  package func changePassword(farmer: API.FarmerID, passwordHash: String) async throws {
    try await engine.decide { state, _ in
      guard state.farmers[farmer.rawValue] != nil else { throw Self.unknownFarmer }
      return (
        (),
        [PasswordChanged(farmer: farmer.rawValue, passwordHash: passwordHash)]
      )
    }
  }

  /// Not to be seen: a session belongs to a farmer, and farmers are not deleted.
  static let unknownFarmer = BridgeError(.notFound, "There is no such farmer: log in again.")

  /// What `body` says of a farmer's standing at this moment.
  func standing<Answer: Sendable>(
    of farmer: API.FarmerID, _ body: @Sendable (Standing) throws -> Answer
  ) async throws -> Answer {
    try await engine.read { state, view in
      guard let standing = Standing(farmer.rawValue, in: state, view) else {
        throw Self.unknownFarmer
      }
      return try body(standing)
    }
  }
}

extension API.Credentials {
  fileprivate init(_ farmer: Farmer) {
    self.init(
      farmer: API.FarmerID(rawValue: farmer.id), handle: farmer.handle,
      passwordHash: farmer.passwordHash)
  }
}
