import StellarClient
import StellarXDR
import Synchronization
import Testing

@Suite struct DoctorTests {
  private func findings(
    _ network: KaleNetwork, _ endpoints: [String], now: Int64
  ) async -> [Finding] {
    var found: [Finding] = []
    await NodeDoctor(network: network, endpoints: endpoints, now: { now }).run { found.append($0) }
    return found
  }

  @Test func aSoundNodeHasNoFailures() async throws {
    try await DevnetHarness.run { devnet in
      let now = Int64(try await devnet.rpc.getLatestLedger().closeTime) + 3
      let found = await findings(.devnet, [devnet.url], now: now)
      #expect(!found.contains { $0.level == .failure }, "\(found)")
      #expect(
        Set(found.map(\.step)).isSuperset(of: [
          "network", "ledgers", "farm", "split", "limits", "fees", "batches", "events",
          "simulation", "speed", "nodes",
        ]))
      // One node is a warning, two that agree are not.
      #expect(found.last?.level == .warning)
      let two = await findings(.devnet, [devnet.url, devnet.url], now: now)
      #expect(two.last?.level == .ok)
    }
  }

  @Test func whatIsWrongIsNamed() async throws {
    try await DevnetHarness.run { devnet in
      let other = await findings(.testnet, [devnet.url], now: 0)
      #expect(other.first?.step == "network" && other.first?.level == .failure)
      #expect(other.first?.text.contains("Kale Pool Devnet") == true)
      let gone = await findings(.devnet, ["http://127.0.0.1:1"], now: 0)
      #expect(gone.first?.level == .failure)
      let late = await findings(.devnet, [devnet.url], now: 0)
      #expect(late.first { $0.step == "ledgers" }?.level == .warning)
      var lacking = KaleNetwork.devnet
      lacking.splitContract = nil
      let found = await findings(lacking, [devnet.url], now: 0)
      #expect(found.first { $0.step == "split" }?.level == .failure)
    }
  }
}
