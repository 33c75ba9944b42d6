import Bridge
import Synchronization

extension MemoryPool {
  func exitPreview(farmer id: API.FarmerID) async throws -> API.ExitPreview {
    let farmer = try farmer(id)
    guard farmer.pooler != nil else { throw Self.inNoPool }
    let amount = farmer.wallet.kale.stroops
    let gross = farmer.rewards * Int64(farmer.shareBps) / 10_000
    let net = min(gross, amount)
    return API.ExitPreview(
      amount: farmer.wallet.kale, rewards: API.Amount(stroops: farmer.rewards),
      shareBps: farmer.shareBps, poolerGross: API.Amount(stroops: gross),
      loss: API.Amount(stroops: 0), poolerShare: API.Amount(stroops: net),
      farmerShare: API.Amount(stroops: amount - net), debt: API.Amount(stroops: 0),
      fee: API.Amount(stroops: 50_000), xlmReturned: farmer.wallet.xlm, unharvestedBlocks: 0,
      payoutAddress: farmer.settings.payoutAddress, payoutReady: true,
      steps: [
        "From the next block on nothing is planted for you.",
        "The open block is worked and closed, and everything is harvested.",
        "One transaction pays the pooler's share and sends the rest to your payout address.",
        "What is left of the XLM goes to your payout address, and the wallet is closed.",
      ])
  }

  func leave(farmer id: API.FarmerID, _ request: API.LeaveRequest) async throws -> API.Leaving {
    try change(id) { farmer in
      guard farmer.pooler != nil else { throw Self.inNoPool }
      if let leaving = farmer.leaving { return leaving }
      let leaving = API.Leaving(
        phase: .requested, requestedAt: clock.now, blocksToHarvest: 1, canCallOff: true,
        note: "Waits for the open block to close.")
      farmer.leaving = leaving
      farmer.status = .leaving
      return leaving
    }
  }

  func callOffLeaving(farmer id: API.FarmerID) async throws {
    try change(id) { farmer in
      guard let leaving = farmer.leaving else {
        throw BridgeError(.conflict, "You are not leaving.")
      }
      guard leaving.canCallOff else {
        throw BridgeError(.conflict, "The split is being paid: it cannot be called off any more.")
      }
      farmer.leaving = nil
      farmer.status = .farming
    }
  }

  func events(farmer id: API.FarmerID) async throws -> AsyncStream<API.Event> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: API.Event.self, bufferingPolicy: .bufferingNewest(16))
    let listener = state.withLock { state in
      state.nextID += 1
      state.farmers[id]?.listeners[state.nextID] = continuation
      return state.nextID
    }
    continuation.onTermination = { [weak self] _ in
      let note = self?.state.withLock { state in
        state.farmers[id]?.listeners[listener] = nil
        return state.whenListenerGone
      }
      note?()
    }
    return stream
  }

  func listeners(of id: API.FarmerID) -> Int {
    state.withLock { $0.farmers[id]?.listeners.count ?? 0 }
  }

  private static let inNoPool = BridgeError(
    .conflict, "You are in no pool: there is nothing to leave.")
}
