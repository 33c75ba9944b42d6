package import Bridge
import Bytes
import Custody
import KaleRules
import Pool
import SecureChannel
import StellarXDR
package import Store

/// What the operator asks for.
package struct OperatorDesk: OperatorService {
  let engine: PoolEngine
  /// Nil where no wallet can be made; then no pooler can be.
  let keeper: WalletKeeper?
  let history: History
  let agentDesk: AgentDesk
  let auditor: any ChainAuditor
  let audits: AuditBook
  let settings: DeskSettings
  let numbers = NumberSource()

  /// Long enough to walk over to the machine that is to enrol, too short to be found later.
  package static let enrolmentSeconds: Int64 = 15 * 60

  package init(
    engine: PoolEngine, keeper: WalletKeeper?, history: History, agentDesk: AgentDesk,
    auditor: any ChainAuditor, audits: AuditBook, settings: DeskSettings
  ) {
    self.engine = engine
    self.keeper = keeper
    self.history = history
    self.agentDesk = agentDesk
    self.auditor = auditor
    self.audits = audits
    self.settings = settings
  }

  // MARK: - Poolers

  package func createPooler(_ pooler: API.NewPooler) async throws -> API.Pooler {
    guard let keeper else {
      throw BridgeError(
        .unavailable, "The pool has no master key and makes no wallets: set one and start again.")
    }
    let number = try await engine.read { [settings, numbers] state, _ in
      _ = try Self.check(pooler, state, settings)
      return numbers.next(after: state.poolers.keys.max() ?? 0)
    }
    let bond = try await keeper.makeWallet(owner: number, purpose: .bond)
    try await engine.decide { [settings] state, _ in
      let (payout, share) = try Self.check(pooler, state, settings)
      let events: [any PoolEvent] = [
        WalletMade(wallet: bond, kind: .bond, owner: number),
        PoolerRegistered(
          pooler: number, name: pooler.name, payout: payout, bondWallet: bond, shareBps: share,
          farmersMax: pooler.maxFarmers),
      ]
      return ((), events)
    }
    return try await engine.read { state, view in
      guard let made = state.poolers[number] else { throw Self.noSuchPooler }
      return PoolerOffer(made, in: state, view, nil).shown
    }
  }

  private static func check(
    _ pooler: API.NewPooler, _ state: PoolState, _ settings: DeskSettings
  ) throws(BridgeError) -> (payout: String, share: BasisPoints) {
    let name = pooler.name.lowercased()
    guard !state.poolers.values.contains(where: { $0.name.lowercased() == name }) else {
      throw BridgeError(
        .conflict, "There is a pooler of this name already: choose another.", field: "name")
    }
    guard let share = UInt16(exactly: pooler.shareBps), share <= BasisPoints.whole.rawValue else {
      throw .invalid("shareBps", "A share is from 0 to 10000 basis points.")
    }
    guard pooler.maxFarmers > 0 else {
      throw .invalid("maxFarmers", "A pooler has room for 1 farmer at least.")
    }
    let payout = try PayoutAddress.check(
      pooler.walletAddress, field: "walletAddress", in: state, on: settings.network)
    // The split contract pays what holds a balance of its own.
    guard !payout.hasPrefix("M") else {
      throw .invalid(
        "walletAddress", "A pooler's wallet is an address that begins with G or C, not M.")
    }
    return (payout, BasisPoints(share))
  }

  static let noSuchPooler = BridgeError(
    .notFound, "There is no such pooler: see the list of poolers.")

  package func issueEnrolmentToken(
    pooler: API.PoolerID, needsApproval: Bool
  ) async throws -> API.EnrolmentToken {
    let token = EnrolmentToken()
    let key = token.publicKey
    let expiresAt = WallClock.now + Self.enrolmentSeconds
    try await engine.decide { state, _ in
      guard state.poolers[pooler.rawValue] != nil else { throw Self.noSuchPooler }
      let issued = EnrolmentIssued(
        tokenKey: key, pooler: pooler.rawValue, expiresAt: expiresAt, needsApproval: needsApproval)
      return ((), [issued])
    }
    return API.EnrolmentToken(
      token: token.text, expiresAt: API.Timestamp(unixSeconds: expiresAt))
  }

  // MARK: - Agents

  private static let noSuchAgent = BridgeError(
    .notFound, "There is no such agent: see the list of agents.")

  private static func key(of agent: String) throws(BridgeError) -> Bytes32 {
    guard let bytes = try? KeyText.decode(agent, as: .agentPublic), let key = Bytes32(bytes) else {
      throw noSuchAgent
    }
    return key
  }

  package func approveAgent(_ agent: String) async throws {
    let key = try Self.key(of: agent)
    try await engine.decide { state, _ in
      guard let known = state.agents[key] else { throw Self.noSuchAgent }
      guard !known.isRevoked else {
        throw BridgeError(.conflict, "This agent's key was revoked: let it enrol with a new one.")
      }
      return ((), known.isApproved ? [] : [AgentApproved(agent: key)])
    }
  }

  package func revokeAgent(_ agent: String) async throws {
    let key = try Self.key(of: agent)
    try await engine.decide { state, _ in
      guard let known = state.agents[key] else { throw Self.noSuchAgent }
      let isNew = !known.isRevoked
      return ((), isNew ? [AgentRevoked(agent: key, reason: "revoked by the operator")] : [])
    }
  }

  // MARK: - Money

  package func audit() async throws -> API.AuditReport {
    let report = try await auditor.audit()
    audits.keep(report)
    return report
  }

  package func money() async throws -> API.MoneySummary {
    let last = audits.last
    return await engine.read { state, _ in
      API.MoneySummary(
        farmers: state.farmers.values.count { !$0.hasLeft }, balances: Self.balances(state),
        auditedAt: last?.at, auditDifferences: last?.differences.count)
    }
  }

  /// The books in totals; for each asset they sum to zero.
  private static func balances(_ state: PoolState) -> [API.BookBalance] {
    var totals: [String: [BookAsset: Int64]] = [:]
    for (account, amounts) in state.balances {
      for (asset, amount) in amounts {
        totals[title(of: account, state), default: [:]][asset, default: 0] += amount
      }
    }
    return totals.sorted { $0.key < $1.key }.flatMap { account, amounts in
      BookAsset.allCases.compactMap { asset in
        amounts[asset].map {
          API.BookBalance(
            account: account, asset: asset.shown, balance: API.Amount(stroops: $0))
        }
      }
    }
  }

  private static func title(of account: BookAccount, _ state: PoolState) -> String {
    switch account {
    case .wallet(let key):
      switch state.wallets[key]?.kind {
      case .farmer: "farmers' wallets"
      case .treasury: "treasury"
      case .bond: "bond wallets"
      case .channel: "channels"
      case .sponsor: "sponsor"
      case nil: "other wallets"
      }
    case .staked: "staked"
    case .farm: "farm"
    case .fees: "fees"
    case .outside: "outside"
    }
  }
}
