package import Bridge
import KaleRules
import Pool
import StellarXDR

/// What bounds poolers, what they owe, and what the operator may do about it.
extension OperatorDesk {
  package func poolerStandings() async throws -> [API.PoolerStanding] {
    await engine.read { state, view in
      state.poolers.values.sorted { $0.id < $1.id }.map { pooler in
        let places = state.places(of: pooler)
        return API.PoolerStanding(
          pooler: PoolerOffer(pooler, in: state, view, nil).shown, placesOwn: places.own,
          placesDelivered: places.delivered, placesBonded: places.bonded,
          bondAddress: StrKey.account(pooler.bondWallet),
          bond: API.Amount(stroops: state.balance(.wallet(pooler.bondWallet), .kale)),
          debt: API.Amount(stroops: pooler.debt.rawValue), badBlocks: pooler.badBlocks,
          suspended: pooler.isSuspended, zerosMean: pooler.zerosMean.map { Double($0) / 1_000 },
          starved: pooler.starved(in: state).map { API.StarvedFarmer($0) })
      }
    }
  }

  package func reinstate(pooler: API.PoolerID) async throws {
    try await engine.decide { state, _ in
      guard let known = state.poolers[pooler.rawValue] else { throw Self.noSuchPooler }
      guard known.isSuspended else {
        throw BridgeError(.conflict, "\(known.name) is not suspended.")
      }
      return ((), [PoolerReinstated(pooler: known.id)])
    }
  }

  package func releaseBond(pooler: API.PoolerID, stroops: Int64) async throws {
    try await engine.decide { state, _ in
      guard state.poolers[pooler.rawValue] != nil else { throw Self.noSuchPooler }
      return ((), [BondReleaseAllowed(pooler: pooler.rawValue, amount: Stroops(stroops))])
    }
  }
}

extension API.StarvedFarmer {
  fileprivate init(_ farmer: Farmer) {
    let effort = farmer.agreement?.effort ?? Effort()
    self.init(
      handle: farmer.handle, blocks: Int(effort.blocks),
      zerosBelow: Double(-effort.mean) / 1_000)
  }
}
