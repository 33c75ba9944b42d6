import Bytes
import Sodium
import StellarXDR
import Testing

@testable import Devnet

@Suite struct ClassicTests {
  static let coin = Bench.coin

  @Test func paymentsMoveXLMAndCostTheFee() throws {
    var bench = Bench()
    let a = try bench.fund("a", kale: nil)
    let b = try bench.fund("b", kale: nil)
    try bench.apply([pay(b, 3 * Self.coin)], by: a)
    #expect(bench.xlm(a) == 97 * Self.coin - 100)
    #expect(bench.xlm(b) == 103 * Self.coin)
  }

  /// No stroop of XLM appears or vanishes but into the fee pool.
  @Test func coinsAreConserved() throws {
    var bench = Bench()
    let a = try bench.fund("a", kale: 10)
    try bench.fund("b", kale: 0)
    _ = try bench.call(Bench.plant(a, 4), by: a)
    let accounts = bench.ledger.state.entries.values.compactMap(\.account?.balance).reduce(0, +)
    let header = try LedgerHeader(xdr: bench.ledger.latest.header)
    #expect(accounts + header.feePool == header.totalCoins)
  }

  @Test func paymentFailures() throws {
    var bench = Bench()
    let a = try bench.fund("a", kale: 5)
    let b = try bench.fund("b", kale: nil)
    let nobody = Bench.pair("nobody")
    let kale = Bench.network.asset
    let rows: [(Operation, Int32)] = [
      (pay(nobody, 1), -5), (pay(b, 1_000 * Self.coin), -2),
      (pay(b, 1, kale), -6), (pay(a, 6, kale), -2),
    ]
    for (operation, code) in rows {
      let frame = try bench.frame([operation], by: a)
      let result = try bench.include(frame)
      #expect(result.operations == [.tried(.payment, code: code, .none)])
      #expect(result.feeCharged == 100)
    }
    let frame = try bench.frame([pay(a, 1, kale)], by: b)
    #expect(try bench.include(frame).operations == [.tried(.payment, code: -3, .none)])
  }

  @Test func aFailedOperationUndoesTheOthers() throws {
    var bench = Bench()
    let a = try bench.fund("a", kale: nil)
    let b = try bench.fund("b", kale: nil)
    let frame = try bench.frame([pay(b, 1), pay(b, 1_000 * Self.coin)], by: a)
    let result = try bench.include(frame)
    #expect(result.code == .failed)
    #expect(result.operations.map(\.isSuccess) == [true, false])
    #expect(bench.xlm(b) == 100 * Self.coin)
    #expect(bench.xlm(a) == 100 * Self.coin - 200)
    #expect(try bench.meta(frame.hash).contractEvents.isEmpty)
  }

  @Test func sponsoredWallet() throws {
    var bench = Bench()
    let sponsor = try bench.fund("sponsor", kale: nil)
    let wallet = Bench.pair("wallet")
    let source = MuxedAccount.account(wallet.publicKey)
    try bench.apply(
      [
        Operation(.beginSponsoringFutureReserves(sponsored: wallet.publicKey)),
        Operation(.createAccount(destination: wallet.publicKey, startingBalance: 0)),
        Operation(.changeTrust(.asset(Bench.network.asset), limit: .max), source: source),
        Operation(.endSponsoringFutureReserves, source: source),
      ], by: sponsor, alsoBy: [wallet])
    let account = try #require(bench.ledger.account(wallet.publicKey))
    #expect(account.minimumBalance == 0)
    #expect(account.balance == 0)
    let payer = try #require(bench.ledger.account(sponsor.publicKey))
    #expect(payer.sponsoring == 3)
    #expect(payer.minimumBalance == 5 * AccountEntry.baseReserve)

    // And all of it back.
    let fees = MuxedAccount.account(sponsor.publicKey)
    try bench.apply(
      [
        Operation(.changeTrust(.asset(Bench.network.asset), limit: 0), source: source),
        Operation(.accountMerge(destination: fees), source: source),
      ], by: sponsor, alsoBy: [wallet])
    #expect(bench.ledger.account(wallet.publicKey) == nil)
    #expect(bench.ledger.account(sponsor.publicKey)?.sponsoring == 0)
  }

  @Test func sponsorshipMustEnd() throws {
    var bench = Bench()
    let sponsor = try bench.fund("sponsor", kale: nil)
    let frame = try bench.frame(
      [Operation(.beginSponsoringFutureReserves(sponsored: Bench.pair("w").publicKey))],
      by: sponsor)
    #expect(try bench.include(frame).code == .badSponsorship)
  }

  @Test func trustlinesAndMerging() throws {
    var bench = Bench()
    let a = try bench.fund("a", kale: 5)
    let b = try bench.fund("b", kale: 0)
    let kale = ChangeTrustAsset.asset(Bench.network.asset)
    func code(_ operation: Operation) throws -> Int32? {
      guard
        case .tried(_, let code, _) = try bench.include(try bench.frame([operation], by: a))
          .operations.first
      else { return nil }
      return code
    }
    let merge = Operation(.accountMerge(destination: .account(b.publicKey)))
    #expect(try code(merge) == -4)
    #expect(try code(Operation(.changeTrust(kale, limit: 4))) == -3)
    try bench.apply([pay(b, 5, Bench.network.asset)], by: a)
    try bench.apply([Operation(.changeTrust(kale, limit: 0))], by: a)
    #expect(try code(Operation(.changeTrust(kale, limit: 0))) == -6)
    let left = try #require(bench.xlm(a)) - 100
    let result = try bench.apply([merge], by: a)
    #expect(result.operations == [.tried(.accountMerge, code: 0, .merged(balance: left))])
    #expect(bench.xlm(b) == 100 * Self.coin - 100 + left)
    #expect(bench.ledger.account(a.publicKey) == nil)
  }

  /// Since protocol 23 classic payments, creations and merges emit the asset contract's events.
  @Test func classicPaymentsEmitEvents() throws {
    var bench = Bench()
    let a = try bench.fund("a", kale: 5)
    let asset = AssetContract(asset: Bench.network.asset, id: Bench.network.assetContract)
    #expect(
      bench.ledger.latest.events.map(\.event) == [
        asset.event("mint", .account(a.publicKey), 5)
      ])
    try bench.apply(
      [
        Operation(
          .payment(
            destination: .muxed(id: 77, DevnetKeys.friendbot.publicKey), asset: .native, amount: 9
          ))
      ], by: a)
    let event = try #require(bench.ledger.latest.events.first?.event)
    #expect(event.contract == Bench.network.xlmContract)
    #expect(
      event.topics == [
        .symbol("transfer"), Bench.address(a), Bench.address(DevnetKeys.friendbot),
        .string(Array("native".utf8)),
      ])
    #expect(event.data[field: "amount"]?.asI128 == 9)
    #expect(event.data[field: "to_muxed_id"]?.asU64 == 77)
  }

  private func pay(_ to: Ed25519KeyPair, _ amount: Int64, _ asset: Asset = .native) -> Operation {
    Operation(.payment(destination: .account(to.publicKey), asset: asset, amount: amount))
  }
}
