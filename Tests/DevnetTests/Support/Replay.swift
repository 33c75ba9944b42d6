import Bytes
import KaleRules
import StellarXDR
import Testing

@testable import Devnet

/// A KALE scenario on the devnet's state: calls go through the contract host.
struct Replay {
  private let network = KaleNetwork.devnet
  private let issuer: AccountID
  private let rules: NetworkRules
  private let blockSeconds: UInt64
  private var state = LedgerState()
  private var sequence: UInt32
  private var time: UInt64
  private let asset: AssetContract
  /// Addresses whose balances the scenario shows.
  private let holders: [String]

  init(_ scenario: JSON) throws {
    let params = try #require(scenario["params"])
    let initial = try #require(scenario["initial"])
    issuer = try #require(params["issuer"]?.asString.flatMap { StrKey.account($0) as AccountID? })
    let asset = AssetContract(
      asset: try #require(Asset(code: "KALE", issuer: issuer)), id: network.assetContract)
    self.asset = asset
    var rules = NetworkRules.mainnet
    rules.archival.temporaryTTLMin = UInt32(try #require(params["min_temp_entry_ttl"]?.asInt))
    self.rules = rules
    blockSeconds = UInt64(try #require(params["block_interval"]?.asInt))
    sequence = UInt32(try #require(initial["ledger"]?["sequence"]?.asInt))
    time = UInt64(try #require(initial["ledger"]?["timestamp"]?.asInt))
    guard case .object(let balances)? = initial["balances"] else {
      throw BenchError.simulationFailed
    }
    holders = balances.map(\.name)

    var farm = FarmInstance(
      homesteader: try farmer(try #require(params["homesteader"]?.asString)),
      asset: network.assetContract, deployedAt: 0)
    farm.farmBlock = try block(try #require(initial["farm_block"]))
    if let index = initial["farm_index"]?.asInt, index != 0 {
      farm.storedIndex = BlockIndex(UInt32(index))
    }
    if initial["farm_paused"] == .bool(true) { farm.storedPaused = true }

    let genesis = Genesis(network: network, rules: rules, sequence: sequence, time: time).state()
    var changes: [LedgerKey: StoredEntry?] = genesis.entries.mapValues { $0 }
    let key = LedgerKey.instance(of: network.farmContract)
    let instance = try #require(genesis.entries[key]?.contractValue?.asInstance)
    func put(_ key: LedgerKey, _ value: SCVal, until: UInt32) {
      guard case .contractData(let contract, let name, let durability) = key else { return }
      changes[key] = StoredEntry(
        .contractData(
          ContractDataEntry(contract: contract, key: name, durability: durability, value: value)),
        liveUntil: until)
    }
    put(key, .contractInstance(FarmStorage.storing(farm, in: instance)), until: .max)
    for item in initial["blocks"]?.asArray ?? [] {
      put(
        FarmStorage.blockKey(
          BlockIndex(UInt32(try #require(item["index"]?.asInt))), of: network.farmContract),
        FarmStorage.value(try block(item)),
        until: UInt32(try #require(item["live_until"]?.asInt)))
    }
    for member in balances {
      guard let text = member.value.asString else { continue }
      switch try farmer(member.name) {
      case .account(let account):
        let line = TrustLineEntry(
          account: account, asset: .asset(asset.asset), balance: try #require(Int64(text)),
          limit: .max)
        changes[.trustline(of: account, for: asset.asset)] = StoredEntry(.trustline(line))
      case .contract(let contract):
        put(
          .persistent(network.assetContract, .key("Balance", .address(.contract(contract)))),
          FarmStorage.map([
            ("amount", .i128(try #require(Int128(text)) as Int128)), ("authorized", .bool(true)),
            ("clawback", .bool(false)),
          ]), until: .max)
      }
    }
    state.commit(changes)
  }

  mutating func apply(_ step: JSON) throws -> JSON {
    switch step["op"]?.asString {
    case "advance":
      let count = UInt32(try #require(step["ledgers"]?.asInt))
      for _ in 0..<count {
        sequence += 1
        state.evict(before: sequence)
      }
      time += UInt64(count) * UInt64(try #require(step["close_seconds"]?.asInt))
      return .null
    case let function?:
      let arguments = try arguments(of: step)
      return try call(function, arguments, auth: step["auth"]?.asString ?? "none")
    case nil: throw BenchError.simulationFailed
    }
  }

  private func arguments(of step: JSON) throws -> [SCVal] {
    var arguments: [SCVal] = []
    if let text = step["farmer"]?.asString {
      arguments.append(.address(try #require(SCAddress(text))))
    }
    if let text = step["amount"]?.asString {
      arguments.append(.i128(try #require(Int128(text)) as Int128))
    }
    if let text = step["hash"]?.asString {
      arguments.append(.bytes(try #require(Hex.decode(text))))
    }
    if let text = step["nonce"]?.asString { arguments.append(.u64(try #require(UInt64(text)))) }
    if let index = step["index"]?.asInt { arguments.append(.u32(UInt32(index))) }
    return arguments
  }

  private mutating func call(_ function: String, _ arguments: [SCVal], auth: String) throws -> JSON
  {
    let overlay = Overlay(state, sequence: sequence)
    overlay.begin()
    let signer = try signer(function, arguments)
    let world = ContractWorld(
      network: network, sequence: sequence, time: time,
      farm: FarmContract(blockSeconds: blockSeconds), rules: rules,
      asset: asset)
    let host = ContractHost(
      world: world, overlay: overlay, footprint: FootprintGuard(recording: ()),
      authorization: AuthorizationBook(
        entries(function, arguments, signer, auth), source: signer))
    do {
      let value = try host.call(.contract(network.farmContract), function, arguments)
      overlay.keep()
      state.commit(overlay.all())
      return .object([
        .init(name: "ok", value: .bool(true)), .init(name: "value", value: Self.json(value)),
      ])
    } catch {
      return .object([
        .init(name: "error", value: try Self.json(error, network)),
        .init(name: "ok", value: .bool(false)),
      ])
    }
  }

  private func signer(_ function: String, _ arguments: [SCVal]) throws -> SCAddress {
    if function == "plant", let farmer = arguments.first?.asAddress { return farmer }
    let key = LedgerKey.instance(of: network.farmContract)
    let instance = state.entries[key]?.contractValue?.asInstance
    return try #require(instance?[key: .key("Homesteader")]?.asAddress)
  }

  private func entries(
    _ function: String, _ arguments: [SCVal], _ signer: SCAddress, _ auth: String
  ) -> [SorobanAuthorizationEntry] {
    guard auth != "none" else { return [] }
    var root = SorobanAuthorizedInvocation(
      function: .contract(
        InvokeContractArgs(
          contract: .contract(network.farmContract), function: function, arguments: arguments)))
    if function == "plant", auth == "full" {
      root.subInvocations = [
        SorobanAuthorizedInvocation(
          function: .contract(
            InvokeContractArgs(
              contract: .contract(network.assetContract), function: "burn", arguments: arguments)))
      ]
    }
    return [SorobanAuthorizationEntry(credentials: .sourceAccount, invocation: root)]
  }

  private static func json(_ value: SCVal) -> JSON {
    switch value {
    case .u32(let number): .number(number)
    case .i128(let number): .string(number.description)
    default: .null
    }
  }

  private static func json(_ error: HostError, _ network: KaleNetwork) throws -> JSON {
    switch error.error {
    case .host(.auth, .invalidAction): return .object(["kind": .string("auth")])
    case .host(.wasmVM, .invalidAction): return .object(["kind": .string("trap")])
    case .contract(let code):
      let isToken = error.contract == network.assetContract
      let name =
        isToken ? TokenError(rawValue: code)?.name : KaleError(rawValue: code)?.name
      return .object([
        "code": .number(code), "kind": .string("contract"),
        "name": .string(try #require(name)), "source": .string(isToken ? "token" : "kale"),
      ])
    default: throw error
    }
  }

  /// What of `state` the ledger has otherwise.
  func differences(from wanted: JSON) throws -> [String] {
    let key = LedgerKey.instance(of: network.farmContract)
    let instance = try #require(state.entries[key]?.contractValue?.asInstance)
    let farm = try #require(FarmStorage.instance(instance))
    var found: [String] = []
    func expect(_ isEqual: Bool, _ what: String) { if !isEqual { found.append(what) } }
    expect(wanted["ledger"]?["sequence"] == .number(sequence), "sequence")
    expect(wanted["ledger"]?["timestamp"] == .int(Int64(time)), "timestamp")
    expect(wanted["farm_index"] == .number(farm.index.rawValue), "farm_index")
    expect(wanted["farm_paused"] == .bool(farm.isPaused), "farm_paused")
    expect(try block(try #require(wanted["farm_block"])) == farm.farmBlock, "farm_block")
    var temporary = 0
    for item in wanted["blocks"]?.asArray ?? [] {
      temporary += 1
      let index = BlockIndex(UInt32(try #require(item["index"]?.asInt)))
      let stored = state.live(
        FarmStorage.blockKey(index, of: network.farmContract), in: sequence)
      expect(
        stored?.contractValue.flatMap(FarmStorage.block) == (try block(item)), "block \(index)")
      expect(stored?.liveUntil.map { .number($0) } == item["live_until"], "block \(index) life")
    }
    for item in wanted["pails"]?.asArray ?? [] {
      temporary += 1
      let index = BlockIndex(UInt32(try #require(item["index"]?.asInt)))
      let farmer = try farmer(try #require(item["farmer"]?.asString))
      let stored = state.live(
        FarmStorage.pailKey(farmer, index, of: network.farmContract), in: sequence)
      let pail = stored?.contractValue.flatMap(FarmStorage.pail)
      expect(pail?.sequence.rawValue == item["sequence"]?.asInt.map { UInt32($0) }, "pail sequence")
      expect(pail?.stake.description == item["stake"]?.asString, "pail stake")
      expect(pail?.gap == item["gap"]?.asInt.map { UInt32($0) }, "pail gap")
      expect(pail?.zeros == item["zeros"]?.asInt.map { UInt32($0) }, "pail zeros")
      expect(stored?.liveUntil.map { .number($0) } == item["live_until"], "pail life")
    }
    let live = state.entries.values.count { $0.isTemporary && $0.liveUntil ?? 0 >= sequence }
    expect(live == temporary, "\(live) temporary entries instead of \(temporary)")
    for holder in holders {
      expect(try balance(holder) == wanted["balances"]?[holder], "balance of \(holder)")
    }
    return found
  }

  private func balance(_ text: String) throws -> JSON {
    switch try farmer(text) {
    case .account(let account):
      state.entries[.trustline(of: account, for: asset.asset)]?.trustline
        .map { .string($0.balance.description) } ?? .null
    case .contract(let contract):
      .string(
        (state.entries[
          .persistent(network.assetContract, .key("Balance", .address(.contract(contract))))]?
          .contractValue?[field: "amount"]?.asI128 ?? 0).description)
    }
  }
}

private func farmer(_ text: String) throws -> FarmAddress {
  try #require(SCAddress(text).flatMap { FarmAddress($0) })
}

private func block(_ json: JSON) throws -> FarmBlock {
  func number(_ name: String) throws -> UInt32 { UInt32(try #require(json[name]?.asInt)) }
  func amount(_ name: String) throws -> Int128 {
    let amount: Int128 = try #require(json[name]?.asString.flatMap { Int128($0, radix: 10) })
    return amount
  }
  return FarmBlock(
    timestamp: UInt64(try #require(json["timestamp"]?.asInt)), minGap: try number("min_gap"),
    maxGap: try number("max_gap"), minStake: try amount("min_stake"),
    maxStake: try amount("max_stake"), minZeros: try number("min_zeros"),
    maxZeros: try number("max_zeros"),
    entropy: try #require(json["entropy"]?.asString.flatMap { Bytes32(hex: $0) }),
    stakedTotal: try amount("staked_total"), normalizedTotal: try amount("normalized_total"))
}
