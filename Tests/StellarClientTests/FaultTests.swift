import Bytes
import JSON
import KaleRules
import StellarClient
import StellarXDR
import Testing

/// A submitter on two real nodes with a fault on: what is planted is planted once, and what is said
/// of it is true. `kalepool demo --faults` is the same with whole pools.
@Suite(.timeLimit(.minutes(5))) struct FaultTests {
  struct Fault: Sendable {
    let name: String
    let parameters: JSONValue
  }

  /// The first node alone where the other can help, both where it cannot.
  private static let faults: [Fault] = [
    Fault(name: "garbage", parameters: ["kind": "garbage", "node": 1]),
    Fault(
      name: "reset after",
      parameters: ["kind": "reset", "after": true, "methods": ["sendTransaction"], "times": 3]),
    Fault(name: "refused", parameters: ["kind": "refused", "node": 1]),
    Fault(name: "http error", parameters: ["kind": "http-error", "node": 1]),
    Fault(name: "stuck", parameters: ["kind": "stuck", "node": 1]),
    Fault(name: "lost", parameters: ["kind": "lost", "times": 3]),
    Fault(name: "late", parameters: ["kind": "late", "value": 2, "times": 3]),
    Fault(name: "duplicate", parameters: ["kind": "duplicate"]),
    Fault(name: "try again later", parameters: ["kind": "try-again-later", "times": 3]),
    Fault(
      name: "bad sequence after", parameters: ["kind": "bad-sequence", "after": true, "times": 3]),
    Fault(name: "queue full", parameters: ["kind": "queue-full", "times": 3]),
    Fault(name: "fee spike", parameters: ["kind": "fee-spike", "value": 30_000, "ledgers": 6]),
  ]

  private static let walletsEach = 3

  @Test func whateverGoesWrongNothingIsDoneTwice() async throws {
    try await DevnetHarness.run(blockSeconds: 36_000, nodes: 2) { devnet in
      var wallets = try await devnet.wallets(Self.faults.count * Self.walletsEach, kale: 0)[...]
      for fault in Self.faults {
        let mine = Array(wallets.prefix(Self.walletsEach))
        wallets = wallets.dropFirst(Self.walletsEach)
        _ = try await devnet.rpc.call("devnet_fault", fault.parameters)
        let outcomes = await plant(mine, devnet)
        _ = try await devnet.rpc.call("devnet_heal")
        try await check(fault.name, outcomes, devnet)
      }
    }
  }

  private func plant(
    _ wallets: [AccountID], _ devnet: DevnetHarness
  ) async -> [AccountID: Result<TransactionOutcome, any Error>] {
    await withTaskGroup(
      of: (AccountID, Result<TransactionOutcome, any Error>).self
    ) { group in
      for wallet in wallets {
        group.addTask {
          do {
            let operation = devnet.calls.plant(wallet, stake: 0)
            return (wallet, .success(try await devnet.submit(wallet, operation)))
          } catch {
            return (wallet, .failure(error))
          }
        }
      }
      return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
  }

  private func check(
    _ fault: String, _ outcomes: [AccountID: Result<TransactionOutcome, any Error>],
    _ devnet: DevnetHarness
  ) async throws {
    let accounts = Array(outcomes.keys)
    let index = try await devnet.reader.farm().index
    let pails = try await devnet.reader.pails(accounts.map { PailID($0, index) })
    let wallets = try await devnet.reader.wallets(accounts)
    for (account, outcome) in outcomes {
      let isPlanted = pails[PailID(account, index)] != nil
      switch outcome {
      case .success(.succeeded): #expect(isPlanted, "\(fault)")
      case .success(let other): #expect(!isPlanted, "\(fault): \(other)")
      case .failure(let error): #expect(!isPlanted, "\(fault): \(error)")
      }
      // A new account begins at its ledger << 32; then the trustline and the plant, each once.
      let used = try #require(wallets[account]).account.sequence & 0xFFFF_FFFF
      #expect(used == (isPlanted ? 2 : 1), "\(fault)")
      // None of these keeps a plant out for good.
      #expect(isPlanted, "\(fault): \(outcome)")
    }
  }
}
