import Bridge
import Bytes
import Coordinator
import KaleRules
import Pool
import StellarXDR
import Store
import Testing

@Suite(.cluster) struct RegistrationTests {
  @Test func registeringMakesAWalletAndARecord() async throws {
    let office = try await Office()
    let payout = Office.outsider()
    let registered = try await office.farmers.register(
      API.Registration(
        handle: "anna", passwordHash: "hash", payoutAddress: payout, custodyNotice: "v1",
        acceptedAt: API.Timestamp(unixSeconds: 1)))
    let wallet = try await office.wallet(registered.farmer)
    #expect(registered.walletAddress == StrKey.account(wallet))
    let seeds = try await office.store.sealedSeeds()
    #expect(seeds.map(\.wallet) == [wallet])
    #expect(seeds.map(\.owner) == [registered.farmer.rawValue])
    #expect(seeds.map(\.purpose) == ["farmer"])

    let dashboard = try await office.farmers.dashboard(farmer: registered.farmer)
    #expect(dashboard.status == .awaitingXLM)
    #expect(dashboard.nextStep.contains(registered.walletAddress))
    #expect(dashboard.settings.payoutAddress == payout)
    #expect(dashboard.settings.stakeBps == 2_000)
    #expect(dashboard.settings.harvestAfterBlocks == 5)
    #expect(!dashboard.settings.paused && dashboard.settings.stakeCap == nil)
    #expect(!dashboard.wallet.funded && !dashboard.wallet.trustline)
    await office.close()
  }

  @Test func whatWasRegisteredOutlivesTheProcess() async throws {
    let first = try await Office()
    let anna = try await first.register("anna")
    try await first.farmers.changePassword(farmer: anna, passwordHash: "another")
    await first.close()
    let office = try await Office(database: first.database)
    let credentials = try await office.farmers.credentials(handle: "anna")
    #expect(
      credentials
        == API.Credentials(farmer: anna, handle: "anna", passwordHash: "another"))
    #expect(try await office.farmers.credentials(farmer: anna) == credentials)
    #expect(try await office.farmers.credentials(handle: "berta") == nil)
    #expect(try await office.farmers.credentials(farmer: API.FarmerID(rawValue: 99)) == nil)
    let berta = try await office.register("berta")
    #expect(berta.rawValue > anna.rawValue)
    await office.close()
  }

  @Test func aNameIsGivenOnce() async throws {
    let office = try await Office()
    _ = try await office.register("anna")
    await expectRefusal(.conflict, field: "handle", "taken") {
      _ = try await office.register("anna")
    }
    // At once, where every one of them passes the first look.
    let farmers = office.farmers
    let made = await withTaskGroup(of: Bool.self) { group in
      for number in 0..<20 {
        group.addTask {
          let registration = API.Registration(
            handle: "berta", passwordHash: "hash \(number)", payoutAddress: Office.outsider(),
            custodyNotice: "v1", acceptedAt: API.Timestamp(unixSeconds: 1))
          return (try? await farmers.register(registration)) != nil
        }
      }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(made == 1)
    let count = await office.engine.read { state, _ in state.farmers.count }
    #expect(count == 2)
    await office.close()
  }

  @Test func farmersHaveNumbersAndWalletsOfTheirOwn() async throws {
    let office = try await Office()
    let farmers = office.farmers
    let numbers = try await withThrowingTaskGroup(of: API.Registered.self) { group in
      for number in 0..<20 {
        group.addTask {
          try await farmers.register(
            API.Registration(
              handle: "farmer\(number)", passwordHash: "hash", payoutAddress: Office.outsider(),
              custodyNotice: "v1", acceptedAt: API.Timestamp(unixSeconds: 1)))
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(numbers.map(\.farmer)).count == 20)
    #expect(Set(numbers.map(\.walletAddress)).count == 20)
    await office.close()
  }

  @Test func addressesThatCannotBePaidAreRefused() async throws {
    let office = try await Office()
    let network = KaleNetwork.devnet
    let own = try await office.wallet(try await office.register("anna"))
    let key = Office.key(9)
    let cases: [(String, String)] = [
      ("", "no Stellar address"),
      ("GABC", "no Stellar address"),
      (String(Office.outsider().dropLast()) + "A", "A character is wrong"),
      (Office.outsider().lowercased(), "no Stellar address"),
      (StrKey.encode(.seed, key.bytes), "never give it to anybody"),
      (StrKey.account(own), "pool's own wallets"),
      (SCAddress.muxedAccount(id: 7, own).description, "pool's own wallets"),
      (network.asset.issuerText, "issuer"),
      (StrKey.contract(network.farmContract), "gives nothing back"),
      (StrKey.contract(network.assetContract), "gives nothing back"),
      (StrKey.contract(try #require(network.splitContract)), "gives nothing back"),
      (SCAddress.claimableBalance(key).description, "begins with G, C or M"),
      (SCAddress.liquidityPool(key).description, "begins with G, C or M"),
      (SCAddress.muxedContract(id: 1, key).description, "begins with G, C or M"),
    ]
    for (address, words) in cases {
      await expectRefusal(.invalid, field: "payoutAddress", words) {
        _ = try await office.register("berta", payout: address)
      }
    }
    // No wallet is made for a registration that fails.
    #expect(try await office.store.sealedSeeds().count == 1)
    for (number, address) in [
      Office.outsider(1), StrKey.contract(key), SCAddress.muxedAccount(id: 7, key).description,
    ].enumerated() {
      let farmer = try await office.register("good\(number)", payout: address)
      let settings = try await office.farmers.dashboard(farmer: farmer).settings
      #expect(settings.payoutAddress == address)
    }
    await office.close()
  }

  @Test func withoutAMasterKeyNobodyRegisters() async throws {
    let office = try await Office(hasKey: false)
    await expectRefusal(.unavailable, "no master key") { _ = try await office.register() }
    let info = try await office.farmers.poolInfo()
    #expect(!info.registrationOpen && info.registrationNote?.contains("master key") == true)
    await office.close()
  }

  @Test func thePoolSaysWhatItOffers() async throws {
    var pool = PoolSettings()
    pool.entryLedgers = 300
    let office = try await Office(pool: pool)
    let info = try await office.farmers.poolInfo()
    #expect(info.network == "devnet" && info.registrationOpen && info.joiningOpen)
    #expect(info.harvestAfterBlocksDefault == 3 && info.harvestAfterBlocksMax == 3)
    #expect(info.stakeBpsDefault == 2_000 && info.blockSeconds == 300)
    // 1.5 XLM of reserve and 13 transactions at 0.05, up to the next half.
    #expect(info.minimumXLM == API.Amount(stroops: 25_000_000))
    await office.close()
  }
}

extension Asset {
  fileprivate var issuerText: String {
    switch self {
    case .native: ""
    case .alphanum4(_, let issuer), .alphanum12(_, let issuer): StrKey.account(issuer)
    }
  }
}
