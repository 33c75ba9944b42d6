import Bytes
import Coordinator
import KaleRules
import Pool
import StellarXDR

/// The people of ``CycleRun``, as if each had registered, paid in and joined.
struct CyclePool {
  let farmers: Int
  let agents: Int

  private static let pooler: PoolerID = 1
  private static let xlm: Stroops = 100_000_000
  private static let kale: Stroops = 10_000_000_000
  /// Farmers whose events are recorded at once.
  private static let batch = 500

  func make(_ engine: PoolEngine, _ desk: AgentDesk) async throws -> [CycleAgent] {
    let bond = CycleChain.key(1, 2)
    try await engine.record([
      CoordinatorStarted(version: "bench", ledger: 1_000, ledgerCloseTime: 100_000),
      WalletMade(wallet: bond, kind: .bond, owner: Self.pooler),
      PoolerRegistered(
        pooler: Self.pooler, name: "bench", payout: StrKey.account(CycleChain.key(1, 3)),
        bondWallet: bond, shareBps: 5_000, farmersMax: farmers),
      WalletReady(wallet: bond),
    ])
    for start in stride(from: 1, through: farmers, by: Self.batch) {
      let numbers = start...min(start + Self.batch - 1, farmers)
      try await engine.record(numbers.flatMap { Self.farmer(FarmerID($0)) })
    }
    var made: [CycleAgent] = []
    for number in 1...UInt64(agents) {
      let key = CycleChain.key(number, 4)
      try await engine.record([
        AgentEnrolled(
          agent: key, pooler: Self.pooler, tokenKey: CycleChain.key(number, 5),
          name: "agent \(number)"),
        CapacityReported(agent: key, hashesPerSecond: 10_000_000, threads: 2),
      ])
      try await desk.connected(
        SessionOpened(
          agent: key, session: [UInt8(number & 0xff)], address: "127.0.0.1:1", version: "bench"),
        now: 0)
      made.append(CycleAgent(key: key, desk: desk))
    }
    return made
  }

  private static func farmer(_ id: FarmerID) -> [any PoolEvent] {
    let number = UInt64(id)
    let wallet = CycleChain.key(number, 6)
    let payout = StrKey.account(CycleChain.key(number, 7))
    return [
      WalletMade(wallet: wallet, kind: .farmer, owner: id),
      FarmerRegistered(
        farmer: id, handle: "farmer \(id)", passwordHash: "none", wallet: wallet,
        custodyNotice: "1"),
      PayoutChanged(farmer: id, payout: payout, effectiveAt: 0),
      SettingsChanged(
        farmer: id, stakeBps: 2_000, harvestAfterBlocks: 1, stakeCap: nil, paused: false),
      DepositSeen(
        wallet: wallet, asset: .xlm, amount: xlm, sender: payout, chainEvent: "xlm \(id)",
        ledger: 1_000),
      WalletReady(wallet: wallet),
      DepositSeen(
        wallet: wallet, asset: .kale, amount: kale, sender: payout, chainEvent: "kale \(id)",
        ledger: 1_000),
      AgreementMade(
        agreement: id, farmer: id, pooler: pooler, shareBps: 5_000, payout: payout),
      AgreementConfirmed(
        agreement: id, farmer: id, transaction: CycleChain.key(number, 8)),
    ]
  }
}
