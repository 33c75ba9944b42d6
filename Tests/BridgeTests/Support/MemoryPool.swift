import Bridge
import Synchronization

/// A pool in memory that keeps real state: whoever registers can log in, join, farm blocks, leave.
/// Its money is counted to the stroop; its chain is the test that calls ``deposit(_:kale:xlm:)`` and
/// ``closeBlock(reward:)``.
final class MemoryPool: Sendable {
  struct Farmer {
    var handle: String
    var passwordHash: String
    var custodyNotice: String
    var settings: API.Settings
    var wallet: API.Wallet
    var pooler: API.PoolerID?
    var shareBps = 0
    var status = API.FarmerStatus.awaitingXLM
    var leaving: API.Leaving?
    var blocks: [API.BlockRow] = []
    var postings: [API.StatementRow] = []
    var listeners: [Int: AsyncStream<API.Event>.Continuation] = [:]

    var rewards: Int64 { blocks.reduce(0) { $0 + ($1.reward?.stroops ?? 0) } }
  }

  struct Pooler {
    var name: String
    var walletAddress: String
    var shareBps: Int
    var maxFarmers: Int
  }

  struct State {
    var farmers: [API.FarmerID: Farmer] = [:]
    var poolers: [API.PoolerID: Pooler] = [
      API.PoolerID(rawValue: 1): Pooler(
        name: "First", walletAddress: "GPOOLER", shareBps: 5000, maxFarmers: 100)
    ]
    var sessions: [StoredSession] = []
    /// Agents that were shut out.
    var revoked: Set<String> = []
    var block: UInt32 = 100
    var ready = true
    var nextID = 0
    /// Thrown by the next dashboard, where a test wants a fault of the service.
    var fault: (any Error)?
    /// Called when an event stream has ended.
    var whenListenerGone: (@Sendable () -> Void)?
    /// Awaited before the pool's figures are given, where a test wants a request in flight.
    var beforePoolInfo: (@Sendable () async -> Void)?
  }

  let state = Mutex(State())
  let clock: TestClock

  init(clock: TestClock) { self.clock = clock }

  func id(of handle: String) -> API.FarmerID? {
    state.withLock { $0.farmers.first { $0.value.handle == handle }?.key }
  }

  func farmer(_ id: API.FarmerID) throws -> Farmer {
    guard let farmer = state.withLock({ $0.farmers[id] }) else {
      throw BridgeError(.notAuthenticated, "Log in again.")
    }
    return farmer
  }

  func change<R: Sendable>(_ id: API.FarmerID, _ body: (inout Farmer) throws -> R) throws -> R {
    let (result, listeners) = try state.withLock { state in
      guard var farmer = state.farmers[id] else {
        throw BridgeError(.notAuthenticated, "Log in again.")
      }
      let result = try body(&farmer)
      state.farmers[id] = farmer
      return (result, Array(farmer.listeners.values))
    }
    for listener in listeners { listener.yield(.changed([.dashboard])) }
    return result
  }

  /// What the chain would have shown.
  func deposit(_ id: API.FarmerID, kale: Int64, xlm: Int64) throws {
    try change(id) { farmer in
      farmer.wallet.kale = API.Amount(stroops: farmer.wallet.kale.stroops + kale)
      farmer.wallet.xlm = API.Amount(stroops: farmer.wallet.xlm.stroops + xlm)
      farmer.wallet.funded = farmer.wallet.xlm.stroops > 0
      farmer.wallet.trustline = farmer.wallet.funded
      if farmer.status == .awaitingXLM, farmer.wallet.funded { farmer.status = .ready }
      if kale != 0 { farmer.post("deposit", "KALE", kale, "Received", at: clock.now) }
      if xlm != 0 { farmer.post("deposit", "XLM", xlm, "Received", at: clock.now) }
    }
  }

  /// One block of every farming farmer: planted, worked and harvested with this reward.
  func closeBlock(reward: Int64) throws {
    let (block, farming) = state.withLock { state in
      state.block += 1
      return (state.block - 1, state.farmers.filter { $0.value.status == .farming }.map(\.key))
    }
    for id in farming {
      try change(id) { farmer in
        let stake = farmer.wallet.kale.stroops * Int64(farmer.settings.stakeBps) / 10_000
        farmer.wallet.kale = API.Amount(stroops: farmer.wallet.kale.stroops + reward)
        farmer.wallet.xlm = API.Amount(stroops: farmer.wallet.xlm.stroops - 300)
        farmer.blocks.insert(
          API.BlockRow(
            block: block, state: .harvested, stake: API.Amount(stroops: stake), zeros: 7, gap: 55,
            reward: API.Amount(stroops: reward), fees: API.Amount(stroops: 300),
            plantedAt: clock.now, harvestedAt: clock.now), at: 0)
        farmer.post("reward", "KALE", reward, "Reward of block \(block)", at: clock.now)
        farmer.post("fee", "XLM", -300, "=fees, \"all\" of block \(block)", at: clock.now)
      }
    }
  }

  func pooler(_ id: API.PoolerID, _ pooler: Pooler, farmers: Int) -> API.Pooler {
    API.Pooler(
      id: id, name: pooler.name, shareBps: pooler.shareBps, farmers: farmers,
      placesFree: max(0, pooler.maxFarmers - farmers), waiting: 0, workSuccess: 0.998, uptime: 1,
      hashRate: 31_500_000, online: true, accepting: farmers < pooler.maxFarmers)
  }
}

extension MemoryPool.Farmer {
  mutating func post(
    _ kind: String, _ asset: String, _ stroops: Int64, _ text: String, at: API.Timestamp
  ) {
    let before = postings.last { $0.asset == asset }?.balance.stroops ?? 0
    postings.append(
      API.StatementRow(
        id: Int64(postings.count + 1), at: at, kind: kind, asset: asset,
        amount: API.Amount(stroops: stroops), balance: API.Amount(stroops: before + stroops),
        text: text))
  }
}
