import Bridge
import Bytes
import Coordinator
import JSON
import KaleRules
import Pool
import Sodium
import StellarClient
import StellarXDR
import Testing

/// A sponsor on a real chain: it makes a farmer's wallet, pays where the wallet cannot, and has its
/// reserves back in the end.
@Suite(.cluster, .serialized, .timeLimit(.minutes(5))) struct LiveSponsorTests {
  @Test func fromASponsoredWalletToItsClosing() async throws {
    try await LivePool.beside { devnet, keys in
      let pool = try await LivePool(devnet: devnet, keys: keys) { settings in
        settings.hasSponsor = true
        settings.pool.sponsorsWallets = true
        settings.channels = 2
        settings.inclusionFeeMax = 20_000_000
        settings.feeMax = 60_000_000
      }
      let pooler = try await pool.pooler()
      let sponsor = try await pool.fundedSponsor(coins: 40)

      let made = try await pool.register(0)
      let id = made.farmer.rawValue
      try await pool.wait("the sponsored wallet") { state in
        state.farmers[id].flatMap { state.wallets[$0.wallet] }?.isReady == true
      }
      let wallet = try #require(StrKey.account(made.walletAddress))
      #expect(try await pool.account(of: wallet).balance == 0)
      #expect(try await pool.account(of: wallet).sponsored == 3)
      #expect(try await pool.account(of: sponsor).sponsoring == 3)

      // KALE may come first, and XLM is for fees only: less than the reserves of its own would be.
      try await pool.grant(made.walletAddress)
      try await pool.pay(5_000_000, to: wallet)
      try await pool.wait("the deposits") { state in
        state.balance(.wallet(wallet), .xlm) > 0 && state.balance(.wallet(wallet), .kale) > 0
      }
      try await pool.join(made.farmer, pooler, harvestAfterBlocks: 1)
      try await pool.requestPlanting()
      try await pool.wait("the work") { state in
        state.farmers[id]?.plantings.values.contains { $0.phase.isWorked } == true
      }

      // Now inclusion costs more than the wallet has.
      _ = try await pool.chain.rpc.call("devnet_fault", ["kind": "fee-spike", "value": 6_000_000])
      let budget = await pool.engine.state.sponsorSpare
      try await pool.wait("the harvest") { $0.farmers[id]?.plantings.isEmpty == true }
      #expect(await pool.engine.state.sponsorSpare <= budget - 6_000_000)
      _ = try await pool.chain.rpc.call("devnet_heal")

      _ = try await pool.farmers.leave(
        farmer: made.farmer, API.LeaveRequest(waitForPendingPayout: false))
      try await pool.wait("the departure") { $0.farmers[id]?.hasLeft == true }
      #expect(try await pool.account(of: sponsor).sponsoring == 0)
      let audit = try await pool.operators.audit()
      #expect(audit.differences.isEmpty, "\(audit.differences)")
      await pool.stop()
    }
  }
}

extension LivePool {
  /// The sponsor's account, with so many XLM.
  fileprivate func fundedSponsor(coins: Int64) async throws -> AccountID {
    try await wait("the sponsor") { $0.sponsor != nil }
    let sponsor = try #require(await engine.state.sponsor)
    try await fund(StrKey.account(Self.outsider(99).publicKey))
    try await pay(coins * Stroops.perCoin, to: sponsor)
    try await wait("the sponsor's budget") { $0.sponsorSpare >= coins * Stroops.perCoin }
    return sponsor
  }

  /// From somebody's own account, which has XLM since the sponsor was funded.
  fileprivate func pay(_ stroops: Int64, to account: AccountID) async throws {
    let payment = KaleCalls(network).payXLM(to: .account(account), Stroops(stroops))
    try await send(payment, from: Self.outsider(99))
  }

  fileprivate func account(of wallet: AccountID) async throws -> AccountEntry {
    let key = LedgerKey.account(wallet)
    guard case .account(let entry)? = try await chain.rpc.getLedgerEntries([key])[key]?.data else {
      throw CoordinatorError("no account")
    }
    return entry
  }
}

extension Planting.Phase {
  fileprivate var isWorked: Bool { if case .worked = self { true } else { false } }
}
