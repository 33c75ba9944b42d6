import Bytes
import KaleRules
import Sodium
import StellarXDR

/// The devnet's first ledger: its accounts and contracts.
struct Genesis {
  let network: KaleNetwork
  let rules: NetworkRules
  let sequence: UInt32
  let time: UInt64

  /// Stroops of XLM of the friendbot: enough for a million accounts.
  static let friendbotBalance: Int64 = 50_000_000_000 * 10_000_000
  static let accountBalance: Int64 = 1_000_000 * 10_000_000

  /// KALE that the homesteader holds, to be given away: 10^10 KALE.
  static let kaleBalance: Int64 = 100_000_000_000_000_000

  static var totalCoins: Int64 { friendbotBalance + 2 * accountBalance }

  func state() -> LedgerState {
    var entries: [LedgerKey: StoredEntry?] = [:]
    // The longest life there is, as contracts in use have it.
    let liveUntil = sequence + rules.archival.ttlMax - 1
    func add(_ data: LedgerEntryData, liveUntil: UInt32? = nil) {
      entries[data.key] = StoredEntry(data, lastModified: sequence, liveUntil: liveUntil)
    }
    for (pair, balance, subentries) in [
      (DevnetKeys.issuer, Self.accountBalance, 0), (DevnetKeys.homesteader, Self.accountBalance, 1),
      (DevnetKeys.friendbot, Self.friendbotBalance, UInt32(0)),
    ] {
      add(
        .account(
          .new(pair.publicKey, balance: balance, ledger: sequence, subentries: subentries)))
    }
    // KALE to give away is a holder's: what the issuer pays is minted, and no deposit.
    add(
      .trustline(
        TrustLineEntry(
          account: DevnetKeys.homesteader.publicKey, asset: .asset(network.asset),
          balance: Self.kaleBalance, limit: .max)))
    for (id, instance) in contracts() {
      add(
        .contractData(
          ContractDataEntry(
            contract: .contract(id), key: .ledgerKeyContractInstance, durability: .persistent,
            value: .contractInstance(instance))), liveUntil: liveUntil)
    }
    for code in [Self.farmCode, Self.splitCode] {
      add(
        .contractCode(ContractCodeEntry(hash: sha256(code), code: code)),
        liveUntil: liveUntil)
    }
    for setting in rules.settings { add(.configSetting(setting)) }
    var state = LedgerState()
    state.commit(entries)
    return state
  }

  private func contracts() -> [(Bytes32, SCContractInstance)] {
    var fresh = FarmInstance(
      homesteader: .account(DevnetKeys.homesteader.publicKey), asset: network.assetContract,
      deployedAt: time)
    // As on a farm in use: an index that came later would grow the instance and cost its rent once.
    fresh.storedIndex = 0
    let farm = FarmStorage.storing(
      fresh,
      in: SCContractInstance(executable: .wasm(hash: sha256(Self.farmCode)), storage: nil))
    var contracts = [
      (network.farmContract, farm),
      (
        network.assetContract,
        assetInstance(network.asset, admin: .contract(network.farmContract))
      ),
      (network.xlmContract, assetInstance(.native, admin: nil)),
    ]
    if let split = network.splitContract {
      var instance = SCContractInstance(
        executable: .wasm(hash: sha256(Self.splitCode)), storage: nil)
      instance.store(.address(.contract(network.assetContract)), at: .key("Asset"))
      contracts.append((split, instance))
    }
    return contracts
  }

  /// As the host makes an asset's instance.
  private func assetInstance(_ asset: Asset, admin: SCAddress?) -> SCContractInstance {
    var instance = SCContractInstance(executable: .stellarAsset, storage: nil)
    if let admin { instance.store(.address(admin), at: .key("Admin")) }
    instance.store(
      FarmStorage.map([
        ("decimal", .u32(7)), ("name", .string(Array(asset.description.utf8))),
        ("symbol", .string(Array((asset == .native ? "native" : asset.code).utf8))),
      ]), at: .symbol("METADATA"))
    switch asset {
    case .native: instance.store(.key("Native"), at: .key("AssetInfo"))
    case .alphanum4(let code, let issuer):
      instance.store(info("AlphaNum4", code, issuer), at: .key("AssetInfo"))
    case .alphanum12(let code, let issuer):
      instance.store(info("AlphaNum12", code, issuer), at: .key("AssetInfo"))
    }
    return instance
  }

  private func info(_ kind: String, _ code: [UInt8], _ issuer: AccountID) -> SCVal {
    .key(
      kind,
      FarmStorage.map([
        ("asset_code", .string(code)), ("issuer", .bytes(issuer.bytes)),
      ]))
  }

  private static let farmCode = code("KALE farm")
  private static let splitCode = code("KALE split")

  /// An empty wasm module whose only section says that the devnet runs this contract natively.
  private static func code(_ name: String) -> [UInt8] {
    let section = Array("kalepool devnet".utf8)
    let body = [UInt8(section.count)] + section + Array(name.utf8)
    return [0x00, 0x61, 0x73, 0x6D, 1, 0, 0, 0, 0, UInt8(body.count)] + body
  }
}
