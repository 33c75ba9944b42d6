import Bytes
import KaleRules
import Sodium
import StellarXDR
import Testing

@testable import Devnet

/// The split contract through transactions; `deploy/split-contract.md`.
@Suite struct SplitContractTests {
  struct Parties {
    var bench = Bench()
    let farmer: Ed25519KeyPair
    let pooler: Ed25519KeyPair
    let bond: Ed25519KeyPair
    let payout: Ed25519KeyPair

    init() throws {
      farmer = try bench.fund("farmer", kale: 1_501)
      pooler = try bench.fund("pooler")
      bond = try bench.fund("bond")
      payout = try bench.fund("payout")
    }

    func join(_ share: UInt32 = 5_000) -> Operation {
      SplitContractTests.call(
        "join", Bench.address(farmer), Bench.address(pooler), Bench.address(bond), .u32(share),
        Bench.address(payout))
    }

    func settle(
      _ exit: UInt8 = 1, amount: Int128 = 1_501, rewards: Int128 = 501, loss: Int128 = 0,
      held: Int128 = 0
    ) -> Operation {
      SplitContractTests.call(
        "settle", Bench.address(farmer), .bytes([UInt8](repeating: exit, count: 32)),
        .i128(amount), .i128(rewards), .i128(loss), .i128(held))
    }

    var balances: [Int64?] { [farmer, pooler, bond, payout].map(bench.kale) }
  }

  static func call(_ function: String, _ arguments: SCVal...) -> Operation {
    .invoke(Bench.network.splitContract ?? .zero, function, arguments)
  }

  @Test func joinSettleAndAgain() throws {
    var parties = try Parties()
    let farmer = parties.farmer
    _ = try parties.bench.call(parties.join(), by: farmer)
    let terms = parties.bench.simulate(Self.call("terms", Bench.address(farmer)), by: farmer)
    guard case .success(let success) = terms.outcome else {
      Issue.record("\(terms.outcome)")
      return
    }
    #expect(success.value?[field: "share_bps"] == .u32(5_000))
    #expect(success.auth.isEmpty)
    let result = try parties.bench.call(parties.settle(held: 30), by: farmer)
    #expect(result[field: "gross"] == .i128(250))
    #expect(result[field: "pooler_net"] == .i128(250))
    #expect(result[field: "farmer_net"] == .i128(1_251))
    #expect(parties.balances == [0, 220, 30, 1_251])
    let transfers = parties.bench.ledger.latest.events.map(\.event.topics[0])
    #expect(transfers == [.symbol("transfer"), .symbol("transfer"), .symbol("transfer")])
    // The same exit again pays nothing, whatever it says, and tells the first result.
    try parties.bench.grant(5_000, to: farmer)
    let again = try parties.bench.call(parties.settle(amount: 5_000), by: farmer)
    #expect(again == result)
    #expect(parties.balances == [5_000, 220, 30, 1_251])
    // Another exit needs new terms.
    #expect(
      try parties.bench.failure(parties.settle(2), by: farmer) == "HostError: Error(Contract, #101)"
    )
    _ = try parties.bench.call(parties.join(2_500), by: farmer)
    _ = try parties.bench.call(
      parties.settle(2, amount: 1_000, rewards: 1_000, loss: 300), by: farmer)
    // gross 250, loss 300: nothing for the pooler, the whole amount for the farmer.
    #expect(parties.balances == [4_000, 220, 30, 2_251])
  }

  @Test func joining() throws {
    var parties = try Parties()
    let farmer = parties.farmer
    #expect(
      try parties.bench.failure(parties.join(10_001), by: farmer)
        == "HostError: Error(Contract, #103)")
    _ = try parties.bench.call(parties.join(), by: farmer)
    _ = try parties.bench.call(parties.join(), by: farmer)
    #expect(
      try parties.bench.failure(parties.join(4_000), by: farmer)
        == "HostError: Error(Contract, #102)")
    let payout = Self.call("set_payout", Bench.address(farmer), Bench.address(parties.bond))
    _ = try parties.bench.call(payout, by: farmer)
    _ = try parties.bench.call(parties.settle(), by: farmer)
    #expect(parties.balances == [0, 250, 1_251, 0])
  }

  @Test func badSettlements() throws {
    var parties = try Parties()
    let farmer = parties.farmer
    _ = try parties.bench.call(parties.join(), by: farmer)
    let rows: [(Operation, UInt32)] = [
      (parties.settle(amount: -1), 104), (parties.settle(rewards: -1), 105),
      (parties.settle(loss: -1), 106), (parties.settle(held: 251), 107),
      (parties.settle(held: -1), 107), (parties.settle(amount: 1_502), 10),
    ]
    for (operation, code) in rows {
      #expect(
        try parties.bench.failure(operation, by: farmer) == "HostError: Error(Contract, #\(code))")
    }
  }

  @Test func nobodyElseMaySettle() throws {
    var parties = try Parties()
    _ = try parties.bench.call(parties.join(), by: parties.farmer)
    // The simulation asks for the farmer's own signature; without it the call fails.
    let frame = try parties.bench.prepare(parties.settle(), by: parties.pooler)
    let result = try parties.bench.include(frame)
    #expect(result.operations == [.tried(.invokeHostFunction, code: -2, .none)])
    #expect(parties.balances == [1_501, 0, 0, 0])
  }

  /// A payout that cannot receive fails the whole settlement: nobody is paid.
  @Test func allOrNothing() throws {
    var parties = try Parties()
    let farmer = parties.farmer
    let bare = try parties.bench.fund("bare", kale: nil)
    _ = try parties.bench.call(parties.join(), by: farmer)
    _ = try parties.bench.call(
      Self.call("set_payout", Bench.address(farmer), Bench.address(bare)), by: farmer)
    #expect(
      try parties.bench.failure(parties.settle(), by: farmer) == "HostError: Error(Contract, #13)")
    #expect(parties.balances == [1_501, 0, 0, 0])
  }
}
