import Bytes
import Custody
import StellarXDR
import Testing

@Suite struct PoolWalletSigningTests {
  // MARK: Treasury

  @Test func theTreasuryPaysOurOwn() throws {
    let it = try SigningFixture(.treasury)
    let create = Operation.Body.createAccount(destination: it.own, startingBalance: 50_000_000)
    try it.expectSigned(it.transaction(Operation(create), it.pay(it.own), it.pay(it.own, .native)))
    try it.expectSigned(it.transaction(it.pay(it.payout)))
    try it.expectSigned(it.transfer(.address(.account(it.own))))
    try it.expectSigned(
      it.transaction(Operation(.changeTrust(.asset(it.network.asset), limit: .max))))
    try it.expectSigned(it.farm("plant", it.me, .amount(0)))
  }

  @Test func theTreasuryPaysNobodyElse() throws {
    let it = try SigningFixture(.treasury)
    let create = Operation.Body.createAccount(destination: it.stranger, startingBalance: 1)
    it.expectRefused(.destination, it.transaction(Operation(create)))
    it.expectRefused(.destination, it.transaction(it.pay(it.stranger)))
    it.expectRefused(.destination, it.transaction(it.pay(it.own), it.pay(it.stranger)))
    it.expectRefused(.destination, it.transfer(.address(.contract(it.own))))
    it.expectRefused(
      .operation, it.transaction(Operation(.accountMerge(destination: .account(it.payout)))))
    it.expectRefused(
      .amount,
      it.transaction(Operation(.createAccount(destination: it.own, startingBalance: -1))))
  }

  @Test func theTreasuryDoesNotFarm() throws {
    let it = try SigningFixture(.treasury)
    it.expectRefused(.stake, it.farm("plant", it.me, .amount(1)))
    it.expectRefused(.farmer, it.farm("plant", .address(.account(it.own)), .amount(0)))
    it.expectRefused(.function, it.farm("harvest", it.me, .u32(1)))
    it.expectRefused(.function, it.split("terms", [it.me]))
  }

  // MARK: Bond

  @Test func theBondPaysFarmersAndThePooler() throws {
    let it = try SigningFixture(.bond)
    try it.expectSigned(it.transaction(it.pay(it.own)))
    try it.expectSigned(it.transaction(it.pay(it.payout)))
    try it.expectSigned(
      it.transaction(Operation(.accountMerge(destination: .account(it.payout)))))
    it.expectRefused(.destination, it.transaction(it.pay(it.stranger)))
    it.expectRefused(
      .destination, it.transaction(Operation(.accountMerge(destination: .account(it.own)))))
    it.expectRefused(.function, it.farm("plant", it.me, .amount(0)))
    it.expectRefused(
      .operation,
      it.transaction(Operation(.createAccount(destination: it.own, startingBalance: 1))))
  }

  // MARK: Channel

  @Test func channelsCarryWorksAndHarvests() throws {
    let it = try SigningFixture(.channel)
    let own = SCVal.address(.account(it.own))
    let hash = SCVal.bytes([UInt8](repeating: 9, count: 32))
    try it.expectSigned(it.farm("harvest", own, .u32(1)))
    try it.expectSigned(it.farm("work", own, hash, .u64(1)))
    it.expectRefused(.function, it.farm("plant", own, .amount(0)))
    it.expectRefused(.farmer, it.farm("harvest", it.me, .u32(1)))
    it.expectRefused(.farmer, it.farm("harvest", .address(.account(it.stranger)), .u32(1)))
    it.expectRefused(.operation, it.transaction(it.pay(it.payout)))
    it.expectRefused(.function, it.transfer(.address(.account(it.payout))))
    it.expectRefused(
      .operation, it.transaction(Operation(.changeTrust(.asset(it.network.asset), limit: 1))))
  }

  // MARK: Sponsored wallets

  @Test func theSponsorMakesWalletsAndGivesThemNothing() throws {
    let it = try SigningFixture(.sponsor)
    try it.expectSigned(it.transaction(it.sandwich(it.own)))
    it.expectRefused(.destination, it.transaction(it.sandwich(it.stranger)))
    it.expectRefused(
      .destination, it.transaction(it.sandwich(it.own) + it.sandwich(it.stranger)))
    for at in 0..<4 {
      var operations = it.sandwich(it.own)
      operations.remove(at: at)
      it.expectRefused(.operation, it.transaction(operations))
      operations.insert(it.pay(it.own), at: at)
      it.expectRefused(.operation, it.transaction(operations))
    }
    var gift = it.sandwich(it.own)
    gift[1] = Operation(.createAccount(destination: it.own, startingBalance: 1))
    it.expectRefused(.operation, it.transaction(gift))
    var endless = it.transaction(it.sandwich(it.own))
    endless.preconditions = .none
    it.expectRefused(.expiry, endless)
    // More may be offered for it.
    let making = it.transaction(it.sandwich(it.own))
    let more = FeeBumpTransaction(
      feeSource: .account(it.wallet), fee: 100_000, inner: making, innerSignatures: [])
    _ = try it.signer.sign(more, with: it.sealed, policy: it.policy)
  }

  @Test func aFarmersWalletLetsItselfBeMade() throws {
    let it = try SigningFixture()
    var making = it.transaction(it.sandwich(it.stranger) + it.sandwich(it.wallet))
    making.source = .account(it.own)
    try it.expectSigned(making)
    making.operations[7].source = nil
    it.expectRefused(.source, making)
    making.operations = it.sandwich(it.stranger)
    it.expectRefused(.source, making)
    making.operations = it.sandwich(it.wallet) + [it.pay(it.payout)]
    it.expectRefused(.source, making)
    making.operations = it.sandwich(it.wallet)
    making.preconditions = .none
    it.expectRefused(.expiry, making)
  }

  // MARK: Fee bumps

  @Test func theSponsorPaysForOurFarmers() throws {
    let it = try SigningFixture(.sponsor)
    let own = SCVal.address(.account(it.own))
    let settle: [SCVal] = [own, .u64(1), .amount(1), .amount(1), .amount(0), .amount(0)]
    let good: [Operation] = [
      .invoke(it.network.farmContract, "harvest", [own, .u32(1)]),
      .invoke(it.network.splitContract!, "settle", settle),  // devnet has one
    ]
    for operation in good {
      let bump = bump(it, operation)
      let signature = try it.signer.sign(bump, with: it.sealed, policy: it.policy)
      #expect(signature.isValid(for: bump.hash(networkID: it.network.networkID), by: it.wallet))
    }
    it.expectRefused(.operation, it.transaction(it.pay(it.payout)))
    it.expectRefused(.operation, it.farm("harvest", own, .u32(1)))
  }

  @Test func feesForOthersAreRefused() throws {
    let it = try SigningFixture(.sponsor)
    let own = SCVal.address(.account(it.own))
    let harvest = Operation.invoke(it.network.farmContract, "harvest", [own, .u32(1)])
    var bump = bump(it, harvest)
    bump.fee = 10_000_001
    refuse(it, .fee, bump)
    bump.fee = -1
    refuse(it, .fee, bump)
    bump.fee = 100
    bump.feeSource = .account(it.stranger)
    refuse(it, .source, bump)
    let stranger = SCVal.address(.account(it.stranger))
    refuse(
      it, .farmer,
      self.bump(it, .invoke(it.network.farmContract, "harvest", [stranger, .u32(1)])))
    refuse(it, .contract, self.bump(it, .invoke(it.stranger, "harvest", [own, .u32(1)])))
    refuse(
      it, .function, self.bump(it, .invoke(it.network.farmContract, "plant", [own, .amount(0)])))
    refuse(it, .operation, self.bump(it, it.pay(it.own)))

    let farmer = try SigningFixture()
    refuse(farmer, .farmer, self.bump(farmer, harvest))
    refuse(
      farmer, .function,
      self.bump(farmer, .invoke(it.network.farmContract, "plant", [farmer.me, .amount(0)])))
    refuse(try SigningFixture(.treasury), .operation, bump)
    refuse(try SigningFixture(.channel), .operation, bump)
  }

  /// More is offered for what the wallet may do itself, and for nothing else.
  @Test func aWalletBumpsItsOwn() throws {
    func own(_ it: SigningFixture, _ operation: Operation) -> FeeBumpTransaction {
      FeeBumpTransaction(
        feeSource: .account(it.wallet), fee: 100_000, inner: it.transaction(operation),
        innerSignatures: [])
    }
    let farmer = try SigningFixture()
    let plant = Operation.invoke(farmer.network.farmContract, "plant", [farmer.me, .amount(0)])
    let treasury = try SigningFixture(.treasury)
    let bond = try SigningFixture(.bond)
    for (it, operation) in [
      (farmer, plant), (treasury, treasury.pay(treasury.own)), (bond, bond.pay(bond.own)),
    ] {
      let bump = own(it, operation)
      let signature = try it.signer.sign(bump, with: it.sealed, policy: it.policy)
      #expect(signature.isValid(for: bump.hash(networkID: it.network.networkID), by: it.wallet))
    }
    refuse(treasury, .destination, own(treasury, treasury.pay(treasury.stranger)))
    refuse(farmer, .destination, own(farmer, farmer.pay(farmer.stranger)))
    let channel = try SigningFixture(.channel)
    let farmers = SCVal.address(.account(channel.own))
    refuse(
      channel, .operation,
      own(channel, .invoke(channel.network.farmContract, "harvest", [farmers, .u32(1)])))
  }

  @Test func aBumpOfWhatNeverExpires() throws {
    let it = try SigningFixture(.sponsor)
    var bump = bump(
      it, .invoke(it.network.farmContract, "harvest", [.address(.account(it.own)), .u32(1)]))
    bump.inner.preconditions = .none
    refuse(it, .expiry, bump)
  }

  private func bump(_ it: SigningFixture, _ operation: Operation) -> FeeBumpTransaction {
    var inner = it.transaction(operation)
    inner.source = .account(it.own)
    return FeeBumpTransaction(
      feeSource: .account(it.wallet), fee: 100_000, inner: inner, innerSignatures: [])
  }

  private func refuse(
    _ it: SigningFixture, _ rule: SigningRule, _ bump: FeeBumpTransaction,
    _ location: SourceLocation = #_sourceLocation
  ) {
    let error = #expect(throws: CustodyError.self, sourceLocation: location) {
      try it.signer.sign(bump, with: it.sealed, policy: it.policy)
    }
    #expect(error?.code == .refused(rule), sourceLocation: location)
  }
}
