import Bytes
import Custody
import StellarXDR
import Testing

@Suite struct FarmerSigningTests {
  let it: SigningFixture
  let settled: SigningFixture
  let hash = SCVal.bytes([UInt8](repeating: 9, count: 32))

  init() throws {
    it = try SigningFixture()
    settled = try SigningFixture(settled: true)
  }

  // MARK: What farming needs

  @Test func farmingIsSigned() throws {
    try it.expectSigned(it.farm("plant", it.me, .amount(0)))
    try it.expectSigned(it.farm("plant", it.me, .amount(1_000)))
    try it.expectSigned(it.farm("work", it.me, hash, .u64(.max)))
    try it.expectSigned(it.farm("harvest", it.me, .u32(37)))
  }

  @Test func simulatedPlantsAreSigned() throws {
    let plant = it.call(it.network.farmContract, "plant", [it.me, .amount(5)])
    let burn = it.call(it.network.assetContract, "burn", [it.me, .amount(5)])
    try it.expectSigned(it.farm("plant", it.me, .amount(5), auth: it.auth(plant, [burn])))
    let empty = it.call(it.network.farmContract, "plant", [it.me, .amount(0)])
    try it.expectSigned(it.farm("plant", it.me, .amount(0), auth: it.auth(empty)))
  }

  @Test func trustlinesAreSigned() throws {
    let kale = ChangeTrustAsset.asset(it.network.asset)
    try it.expectSigned(it.transaction(Operation(.changeTrust(kale, limit: .max))))
    try it.expectSigned(it.transaction(Operation(.changeTrust(kale, limit: 0))))
  }

  @Test func theSplitIsSigned() throws {
    let join: [SCVal] = [
      it.me, .address(.account(it.pooler)), .address(.account(it.bond)), .u32(5_000),
      .address(.account(it.payout)),
    ]
    let root = it.call(it.network.splitContract!, "join", join)  // devnet has one
    try it.expectSigned(it.split("join", join, auth: it.auth(root)))
    try it.expectSigned(it.split("set_payout", [it.me, .address(.account(it.payout))]))
    try it.expectSigned(it.split("terms", [it.me]))
    try it.expectSigned(it.settlement())
    try it.expectSigned(
      it.settlement(
        paying: [],
        arguments: [
          it.me, .bytes([UInt8](repeating: 3, count: 32)), .amount(0), .amount(0), .amount(0),
          .amount(0),
        ]))
  }

  @Test func leavingIsSignedOnceSettled() throws {
    try settled.expectSigned(settled.transaction(settled.pay(settled.payout)))
    try settled.expectSigned(settled.transaction(settled.pay(settled.payout, .native)))
    try settled.expectSigned(settled.transfer(.address(.account(settled.payout))))
    try settled.expectSigned(
      settled.transfer(
        .address(.account(settled.payout)), contract: settled.network.xlmContract))
    let kale = ChangeTrustAsset.asset(settled.network.asset)
    try settled.expectSigned(
      settled.transaction(
        settled.pay(settled.payout), Operation(.changeTrust(kale, limit: 0)),
        Operation(.accountMerge(destination: .account(settled.payout)))))
  }

  @Test func muxedAndContractPayouts() throws {
    var it = settled
    it.policy.payout = .muxedAccount(id: 8, it.payout)
    let muxed = MuxedAccount.muxed(id: 8, it.payout)
    try it.expectSigned(it.transaction(Operation(.accountMerge(destination: muxed))))
    try it.expectSigned(it.settlement())
    // Without the id an exchange could not tell whose it is.
    it.expectRefused(
      .destination,
      it.transaction(Operation(.accountMerge(destination: .account(it.payout)))))
    it.policy.payout = .contract(it.payout)
    try it.expectSigned(it.transfer(.address(.contract(it.payout))))
    it.expectRefused(.destination, it.transaction(it.pay(it.payout)))
  }

  @Test func feesFromChannelsAreSigned() throws {
    let inner = Transaction(
      source: .account(it.stranger), fee: 100, sequence: 1,
      preconditions: .time(TimeBounds(max: 9)),
      operations: [.invoke(it.network.farmContract, "harvest", [it.me, .u32(3)])])
    let bump = FeeBumpTransaction(
      feeSource: .account(it.wallet), fee: 900, inner: inner, innerSignatures: [])
    let signature = try it.signer.sign(bump, with: it.sealed, policy: it.policy)
    #expect(signature.isValid(for: bump.hash(networkID: it.network.networkID), by: it.wallet))
  }

  // MARK: The transaction itself

  @Test func transactionsOfOthers() {
    var other = it.farm("plant", it.me, .amount(1))
    other.source = .account(it.stranger)
    it.expectRefused(.source, other)
    other.source = .muxed(id: 1, it.wallet)
    it.expectRefused(.source, other)
    var operation = Operation.invoke(it.network.farmContract, "harvest", [it.me, .u32(1)])
    operation.source = .account(it.stranger)
    it.expectRefused(.operationSource, it.transaction(operation))
  }

  @Test func feesExpiryAndCount() {
    var plant = it.farm("plant", it.me, .amount(1))
    plant.fee = 10_000_001
    it.expectRefused(.fee, plant)
    plant.fee = .max
    it.expectRefused(.fee, plant)
    plant.fee = 100
    plant.preconditions = .none
    it.expectRefused(.expiry, plant)
    plant.preconditions = .time(TimeBounds(max: 0))
    it.expectRefused(.expiry, plant)
    plant.preconditions = .v2(.init())
    it.expectRefused(.expiry, plant)
    it.expectRefused(.operationCount, it.transaction())
    let harvest = Operation.invoke(it.network.farmContract, "harvest", [it.me, .u32(1)])
    it.expectRefused(.operationCount, it.transaction(harvest, harvest))
  }

  @Test func seedsOfOtherKinds() throws {
    let treasury = try SigningFixture(.treasury)
    var mixed = treasury
    mixed.policy = it.policy
    mixed.expectRefused(.walletKind, mixed.farm("harvest", mixed.me, .u32(1)))
  }

  static let operations: [Operation.Body] = [
    .createAccount(destination: .zero, startingBalance: 10_000_000),
    .setOptions(SetOptions()),
    .manageData(name: [65], value: [1]),
    .bumpSequence(to: .max),
    .beginSponsoringFutureReserves(sponsored: .zero),
    .endSponsoringFutureReserves,
    .revokeSponsorship(.signer(.zero, .ed25519(.zero))),
    .clawback(KaleNetwork.devnet.asset, from: .account(.zero), amount: 1),
    .setTrustLineFlags(trustor: .zero, asset: KaleNetwork.devnet.asset, clear: 0, set: 1),
    .extendFootprintTTL(extendTo: 100),
    .restoreFootprint,
    .invokeHostFunction(.upload(wasm: [0]), auth: []),
    .invokeHostFunction(
      .create(
        .init(
          preimage: .asset(KaleNetwork.devnet.asset), executable: .stellarAsset)), auth: []),
    .invokeHostFunction(
      .createV2(
        .init(
          preimage: .asset(KaleNetwork.devnet.asset), executable: .stellarAsset),
        constructorArguments: []), auth: []),
  ]

  @Test(arguments: operations.indices) func otherOperations(_ index: Int) throws {
    let body = Self.operations[index]
    it.expectRefused(.operation, it.transaction(Operation(body)))
    settled.expectRefused(.operation, settled.transaction(Operation(body)))
    try SigningFixture(.channel).refuses(.operation, body)
    try SigningFixture(.bond).refuses(.operation, body)
  }

  @Test func aWorseOperationBehindAGoodOne() {
    let trust = Operation(.changeTrust(.asset(it.network.asset), limit: .max))
    var options = SetOptions()
    options.masterWeight = 0
    it.expectRefused(.operation, it.transaction(trust, Operation(.setOptions(options))))
    it.expectRefused(.settlement, it.transaction(trust, it.pay(it.payout)))
  }

  // MARK: Farming

  @Test func farmingForOthers() {
    let stranger = SCVal.address(.account(it.stranger))
    it.expectRefused(.farmer, it.farm("plant", stranger, .amount(1)))
    it.expectRefused(.farmer, it.farm("work", stranger, hash, .u64(1)))
    it.expectRefused(.farmer, it.farm("harvest", stranger, .u32(1)))
    it.expectRefused(.farmer, it.farm("harvest", .address(.contract(it.wallet)), .u32(1)))
    it.expectRefused(.farmer, it.farm("harvest", .bytes(it.wallet.bytes), .u32(1)))
  }

  @Test func stakesAndArguments() {
    it.expectRefused(.stake, it.farm("plant", it.me, .amount(-1)))
    it.expectRefused(.stake, it.farm("plant", it.me, .amount(1_001)))
    it.expectRefused(.stake, it.farm("plant", it.me, .i128(.max)))
    it.expectRefused(.arguments, it.farm("plant", it.me, .i64(1)))
    it.expectRefused(.arguments, it.farm("plant", it.me))
    it.expectRefused(.arguments, it.farm("plant", it.me, .amount(1), .amount(1)))
    it.expectRefused(.arguments, it.farm("work", it.me, .bytes([1]), .u64(1)))
    it.expectRefused(.arguments, it.farm("work", it.me, hash, .u32(1)))
    it.expectRefused(.arguments, it.farm("harvest", it.me, .u64(1)))
    it.expectRefused(.arguments, it.farm("harvest"))
  }

  @Test(arguments: ["pause", "unpause", "remove_block", "upgrade", "__constructor", "Plant", ""])
  func otherFunctionsOfTheFarm(_ name: String) {
    it.expectRefused(.function, it.farm(name, it.me, .amount(1)))
  }

  @Test func otherContracts() {
    let arguments: [SCVal] = [it.me, .amount(1)]
    it.expectRefused(.contract, it.transaction(.invoke(it.stranger, "plant", arguments)))
    let testnet = KaleNetwork.testnet.farmContract
    it.expectRefused(.contract, it.transaction(.invoke(testnet, "plant", arguments)))
    let call = InvokeContractArgs(
      contract: .account(it.network.farmContract), function: "plant", arguments: arguments)
    it.expectRefused(
      .contract, it.transaction(Operation(.invokeHostFunction(.invoke(call), auth: []))))
    var without = it
    without.policy.network = .testnet
    without.expectRefused(.contract, without.split("terms", [without.me]))
  }

  // MARK: Authorisations

  @Test func authorisationsOfMore() {
    let stake = [it.me, SCVal.amount(5)]
    let plant = it.call(it.network.farmContract, "plant", stake)
    let burn = it.call(it.network.assetContract, "burn", stake)
    func refuse(_ auth: [SorobanAuthorizationEntry], _ line: SourceLocation = #_sourceLocation) {
      it.expectRefused(.authorisation, it.farm("plant", it.me, .amount(5), auth: auth), line)
    }
    refuse(it.auth(plant))
    refuse(it.auth(plant, [burn, burn]))
    refuse(it.auth(burn))
    refuse(it.auth(plant, [burn]) + it.auth(plant, [burn]))
    refuse(it.auth(plant, [it.call(it.network.assetContract, "burn", [it.me, .amount(6)])]))
    refuse(it.auth(plant, [it.call(it.network.xlmContract, "burn", stake)]))
    let away: [SCVal] = [it.me, .address(.account(it.stranger)), .amount(5)]
    refuse(it.auth(plant, [it.call(it.network.assetContract, "transfer", away)]))
    refuse(it.auth(it.call(it.network.farmContract, "plant", [it.me, .amount(6)]), [burn]))
    let address = SorobanCredentials.Address(
      address: .account(it.wallet), nonce: 1, expirationLedger: 9)
    refuse(it.auth(plant, [burn], credentials: .address(address)))
    refuse(it.auth(plant, [burn], credentials: .addressV2(address)))
    var nested = it.auth(plant, [burn])
    nested[0].invocation.subInvocations[0].subInvocations = [.init(function: .contract(burn))]
    refuse(nested)
    var creating = it.auth(plant)
    creating[0].invocation.function = .create(
      .init(preimage: .asset(it.network.asset), executable: .stellarAsset))
    refuse(creating)

    let harvest = it.call(it.network.farmContract, "harvest", [it.me, .u32(1)])
    it.expectRefused(
      .authorisation, it.farm("harvest", it.me, .u32(1), auth: it.auth(harvest, [burn])))
  }

  // MARK: The split

  @Test func otherTerms() {
    func join(_ change: (inout [SCVal]) -> Void) -> Transaction {
      var arguments: [SCVal] = [
        it.me, .address(.account(it.pooler)), .address(.account(it.bond)), .u32(5_000),
        .address(.account(it.payout)),
      ]
      change(&arguments)
      return it.split("join", arguments)
    }
    let stranger = SCVal.address(.account(it.stranger))
    it.expectRefused(.farmer, join { $0[0] = stranger })
    it.expectRefused(.terms, join { $0[1] = stranger })
    it.expectRefused(.terms, join { $0[2] = stranger })
    it.expectRefused(.terms, join { $0[3] = .u32(5_001) })
    it.expectRefused(.payout, join { $0[4] = stranger })
    it.expectRefused(.payout, join { $0[4] = .void })
    it.expectRefused(.arguments, join { $0.removeLast() })
    it.expectRefused(.payout, it.split("set_payout", [it.me, stranger]))
    it.expectRefused(.farmer, it.split("set_payout", [stranger, stranger]))
    it.expectRefused(.function, it.split("upgrade", [it.me]))
    var without = it
    without.policy.terms = nil
    without.expectRefused(.terms, without.settlement())
    without.policy.payout = nil
    without.expectRefused(.payout, without.split("set_payout", [without.me, stranger]))
  }

  @Test func otherSettlements() {
    it.expectRefused(
      .destination, it.settlement(paying: [(it.pooler, 40), (it.stranger, 60)]))
    it.expectRefused(.authorisation, it.settlement(paying: [(it.pooler, 40), (it.payout, 59)]))
    it.expectRefused(.authorisation, it.settlement(paying: [(it.pooler, 40), (it.payout, 61)]))
    it.expectRefused(.authorisation, it.settlement(paying: [(it.pooler, 101), (it.payout, -1)]))
    it.expectRefused(.authorisation, it.settlement(contract: it.network.xlmContract))
    it.expectRefused(.authorisation, it.settlement(function: "approve"))
    it.expectRefused(
      .authorisation, it.settlement(from: .address(.account(it.stranger))))
    it.expectRefused(
      .farmer,
      it.settlement(
        arguments: [
          .address(.account(it.stranger)), .bytes([UInt8](repeating: 3, count: 32)), .amount(100),
          .amount(60), .amount(0),
          .amount(10),
        ]))
    it.expectRefused(
      .arguments,
      it.settlement(
        arguments: [
          it.me, .bytes([UInt8](repeating: 3, count: 32)), .amount(-100), .amount(60), .amount(0),
          .amount(10),
        ]))
    it.expectRefused(
      .arguments,
      it.settlement(arguments: [
        it.me, .bytes([UInt8](repeating: 3, count: 32)), .amount(100), .amount(60),
      ]))
  }

  // MARK: Money

  @Test func nothingLeavesBeforeTheSplit() {
    it.expectRefused(.settlement, it.transaction(it.pay(it.payout)))
    it.expectRefused(.settlement, it.transaction(it.pay(it.payout, .native)))
    it.expectRefused(.settlement, it.transfer(.address(.account(it.payout))))
    it.expectRefused(
      .settlement, it.transaction(Operation(.accountMerge(destination: .account(it.payout)))))
  }

  @Test func nothingGoesElsewhere() {
    let it = settled
    let stranger = SCVal.address(.account(it.stranger))
    it.expectRefused(.destination, it.transaction(it.pay(it.stranger)))
    it.expectRefused(.destination, it.transaction(it.pay(it.stranger, .native)))
    it.expectRefused(.destination, it.transaction(it.pay(it.wallet)))
    it.expectRefused(.destination, it.transfer(stranger))
    it.expectRefused(.destination, it.transfer(.address(.contract(it.payout))))
    it.expectRefused(.destination, it.transfer(.address(.muxedAccount(id: 1, it.payout))))
    it.expectRefused(
      .destination, it.transaction(Operation(.accountMerge(destination: .account(it.stranger)))))
    it.expectRefused(
      .destination,
      it.transaction(Operation(.accountMerge(destination: .muxed(id: 1, it.payout)))))
    it.expectRefused(
      .destination, it.transaction(it.pay(it.payout), it.pay(it.stranger)))
    it.expectRefused(.source, it.transfer(.address(.account(it.payout)), from: stranger))
    var without = it
    without.policy.payout = nil
    without.expectRefused(.destination, without.transaction(without.pay(it.payout)))
  }

  @Test func amountsAssetsAndTokenFunctions() {
    let it = settled
    let payout = SCVal.address(.account(it.payout))
    it.expectRefused(.amount, it.transaction(it.pay(it.payout, nil, 0)))
    it.expectRefused(.amount, it.transaction(it.pay(it.payout, nil, -1)))
    it.expectRefused(.amount, it.transfer(payout, amount: .amount(0)))
    it.expectRefused(.arguments, it.transfer(payout, amount: .u64(10)))
    it.expectRefused(.arguments, it.transfer(.bytes(it.payout.bytes)))
    it.expectRefused(
      .asset, it.transaction(it.pay(it.payout, Asset(code: "KALE", issuer: it.stranger))))
    for function in ["approve", "transfer_from", "burn", "burn_from", "set_admin", "clawback"] {
      it.expectRefused(.function, it.transfer(payout, function: function))
    }
    let fake = ChangeTrustAsset.asset(Asset(code: "KALE", issuer: it.stranger)!)  // four letters
    it.expectRefused(.asset, it.transaction(Operation(.changeTrust(fake, limit: 1))))
  }
}

extension SigningFixture {
  func refuses(_ rule: SigningRule, _ body: Operation.Body) {
    expectRefused(rule, transaction(Operation(body)))
  }
}
