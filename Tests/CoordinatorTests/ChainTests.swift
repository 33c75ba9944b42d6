import Bridge
import Bytes
import Coordinator
import Custody
import Devnet
import KaleRules
import Pool
import StellarClient
import StellarXDR
import Store
import Testing

/// The coordinator against a real chain: what only a chain, or the end of a process, brings about.
@Suite(.cluster, .serialized, .timeLimit(.minutes(5))) struct ChainTests {
  @Test func aStrangersHarvestIsBookedAndTheFarmerCanLeave() async throws {
    try await LivePool.beside { devnet, keys in
      let pool = try await LivePool(devnet: devnet, keys: keys)
      let farmer = try await pool.open(farmers: 1, harvestAfterBlocks: 2)[0]
      let id = farmer.rawValue
      try await pool.requestPlanting()
      try await pool.wait("the work") { state in
        state.farmers[id]?.plantings.values.contains { $0.phase != .wanted && $0.phase != .planted }
          == true
      }
      let (block, wallet) = try #require(
        await pool.engine.read { state, _ in
          state.farmers[id].flatMap { farmer in
            farmer.plantings.keys.first.map { ($0, farmer.wallet) }
          }
        })
      // As soon as the next block is open anybody may harvest; the farmer's own setting is 2.
      try await pool.wait("the next block") { ($0.block?.block ?? 0) > block }
      try await pool.send(
        KaleCalls(pool.network).harvest(wallet, block), from: LivePool.outsider(0))
      try await pool.wait("the harvest") { $0.farmers[id]?.plantings.isEmpty == true }
      let rewards = await pool.engine.read { state, _ in state.farmers[id]?.agreement?.rewards }
      #expect((rewards ?? 0) > 0)

      _ = try await pool.farmers.leave(
        farmer: farmer, API.LeaveRequest(waitForPendingPayout: false))
      try await pool.wait("the departure") { $0.farmers[id]?.hasLeft == true }
      let audit = try await pool.operators.audit()
      #expect(audit.differences.isEmpty, "\(audit.differences)")
      await pool.stop()
    }
  }

  /// Ends the coordinator with transactions under way, twice, and goes on with what the journal has.
  @Test func aRestartLosesNothingAndDoesNothingTwice() async throws {
    try await LivePool.beside { devnet, keys in
      let first = try await LivePool(devnet: devnet, keys: keys)
      let ids = try await first.open(farmers: 3, harvestAfterBlocks: 1).map(\.rawValue)
      try await first.requestPlanting()
      // Stopped as soon as a plant is intended.
      try await first.wait("a plant's intent") { state in
        state.pending.values.contains { $0.kind == .plant }
      }
      await first.stop()

      let second = try await LivePool(devnet: devnet, database: first.database, keys: keys)
      try await second.wait("a work's intent") { state in
        state.pending.values.contains { $0.kind == .work }
      }
      await second.stop()

      let third = try await LivePool(devnet: devnet, database: first.database, keys: keys)
      try await third.wait("all harvests") { state in
        ids.allSatisfy { state.farmers[$0]?.plantings.isEmpty == true } && state.pending.isEmpty
      }
      // The state is ahead of the database; what is recorded now is durable after all before it.
      try await third.engine.record([Notice(level: "info", text: "all is harvested")])
      let counts = try await third.history.counts(
        adding: .init(), through: third.store.lastPosition)
      #expect(counts.planted == 3)
      #expect(counts.works == 3)
      #expect(counts.harvests == 3)
      #expect(counts.stakeLosses == 0)
      let audit = try await third.operators.audit()
      #expect(audit.differences.isEmpty, "\(audit.differences)")
      await third.stop()
    }
  }
}
