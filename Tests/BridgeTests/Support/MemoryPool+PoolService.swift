import Bridge
import Synchronization

extension MemoryPool: PoolService {
  func poolInfo() async throws -> API.PoolInfo {
    await state.withLock { $0.beforePoolInfo }?()
    return API.PoolInfo(
      name: "Test pool", network: "devnet", registrationOpen: true, joiningOpen: true,
      stakeBpsDefault: 2000, harvestAfterBlocksDefault: 5, harvestAfterBlocksMax: 240,
      blockSeconds: 300, minimumXLM: API.Amount(stroops: 30_000_000),
      fundingHint: "Ask the devnet's friendbot for XLM.")
  }

  func register(_ registration: API.Registration) async throws -> API.Registered {
    guard registration.payoutAddress.hasPrefix("G"), registration.payoutAddress.count == 56 else {
      throw BridgeError.invalid(
        "payoutAddress", "This is no Stellar address: its checksum does not fit. Copy it again.")
    }
    return try state.withLock { state in
      guard !state.farmers.values.contains(where: { $0.handle == registration.handle }) else {
        throw BridgeError(.conflict, "This name is taken: choose another.", field: "handle")
      }
      state.nextID += 1
      let id = API.FarmerID(rawValue: Int64(state.nextID))
      let number = String(state.nextID)
      let address = "GWALLET" + String(repeating: "A", count: 49 - number.count) + number
      let nothing = API.Amount(stroops: 0)
      state.farmers[id] = Farmer(
        handle: registration.handle, passwordHash: registration.passwordHash,
        custodyNotice: registration.custodyNotice,
        settings: API.Settings(
          stakeBps: 2000, harvestAfterBlocks: 5, paused: false,
          payoutAddress: registration.payoutAddress),
        wallet: API.Wallet(
          address: address, kale: nothing, xlm: nothing, funded: false, trustline: false))
      return API.Registered(farmer: id, walletAddress: address)
    }
  }

  func credentials(handle: String) async throws -> API.Credentials? {
    guard let id = id(of: handle) else { return nil }
    return try await credentials(farmer: id)
  }

  func credentials(farmer: API.FarmerID) async throws -> API.Credentials? {
    state.withLock { $0.farmers[farmer] }.map {
      API.Credentials(farmer: farmer, handle: $0.handle, passwordHash: $0.passwordHash)
    }
  }

  func changePassword(farmer: API.FarmerID, passwordHash: String) async throws {
    try change(farmer) { $0.passwordHash = passwordHash }
  }

  func poolers() async throws -> [API.Pooler] {
    state.withLock { state in
      state.poolers.sorted { $0.key.rawValue < $1.key.rawValue }.map { id, entry in
        pooler(id, entry, farmers: state.farmers.values.count { $0.pooler == id })
      }
    }
  }

  func join(farmer: API.FarmerID, _ request: API.JoinRequest) async throws -> API.Membership {
    guard let pooler = state.withLock({ $0.poolers[request.pooler] }) else {
      throw BridgeError(.notFound, "There is no such pooler.", field: "pooler")
    }
    guard pooler.shareBps == request.shareBps else {
      throw BridgeError(.conflict, "The pooler's share has changed: look again.", field: "shareBps")
    }
    return try change(farmer) { farmer in
      guard farmer.pooler == nil else {
        throw BridgeError(.conflict, "You are in a pool already: leave it first.")
      }
      farmer.pooler = request.pooler
      farmer.shareBps = request.shareBps
      farmer.settings.stakeBps = request.stakeBps
      farmer.settings.harvestAfterBlocks = request.harvestAfterBlocks
      farmer.settings.stakeCap = request.stakeCapStroops.map { API.Amount(stroops: $0) }
      if farmer.wallet.trustline { farmer.status = .farming }
      return API.Membership(pooler: request.pooler, state: .joined, shareBps: request.shareBps)
    }
  }

  func leaveQueue(farmer: API.FarmerID) async throws {}

  func changeSettings(farmer: API.FarmerID, _ change: API.SettingsChange) async throws
    -> API.Settings
  {
    try self.change(farmer) { farmer in
      if let stake = change.stakeBps { farmer.settings.stakeBps = stake }
      if let blocks = change.harvestAfterBlocks { farmer.settings.harvestAfterBlocks = blocks }
      switch change.stakeCap {
      case .stroops(let stroops): farmer.settings.stakeCap = API.Amount(stroops: stroops)
      case .remove: farmer.settings.stakeCap = nil
      case nil: break
      }
      if let paused = change.paused {
        farmer.settings.paused = paused
        if farmer.status == .farming || farmer.status == .paused {
          farmer.status = paused ? .paused : .farming
        }
      }
      if let address = change.payoutAddress {
        farmer.settings.payoutPending = API.PendingPayout(
          address: address, effectiveAt: clock.now + .seconds(86_400))
      }
      return farmer.settings
    }
  }
}
