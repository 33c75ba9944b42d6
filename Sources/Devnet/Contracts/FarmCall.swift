import Bytes
import KaleRules
import StellarXDR

/// The farm contract in a call: its rules run over the ledger's entries.
struct FarmCall: FarmHost {
  let host: ContractHost
  let id: Bytes32
  /// An outside farmer's call: it agrees to itself and its KALE is in no account.
  private let isOutside: Bool
  /// The host's own reason for the failure that the rules carried up.
  private(set) var reason: HostError?
  private var loaded: SCContractInstance?

  init(on host: ContractHost, id: Bytes32, isOutside: Bool = false) {
    self.host = host
    self.id = id
    self.isOutside = isOutside
  }

  var sequence: LedgerSequence { LedgerSequence(host.world.sequence) }
  var time: UInt64 { host.world.time }

  mutating func instance() throws(FarmFailure) -> FarmInstance {
    let stored = try attempt { (host, id) throws(HostError) in try host.read(.instance(of: id)) }
    guard let instance = stored?.contractValue?.asInstance,
      let farm = FarmStorage.instance(instance)
    else { throw .trap }
    loaded = instance
    return farm
  }

  mutating func store(_ instance: FarmInstance) throws(FarmFailure) {
    guard let loaded else { preconditionFailure("the instance is read before it is written") }
    let value = SCVal.contractInstance(FarmStorage.storing(instance, in: loaded))
    try attempt { (host, id) throws(HostError) in try host.write(value, at: .instance(of: id)) }
  }

  mutating func block(_ index: BlockIndex) throws(FarmFailure) -> FarmBlock? {
    let key = FarmStorage.blockKey(index, of: id)
    return try attempt { (host, _) throws(HostError) in try host.read(key) }?.contractValue
      .flatMap(FarmStorage.block)
  }

  mutating func store(_ block: FarmBlock?, at index: BlockIndex) throws(FarmFailure) {
    let key = FarmStorage.blockKey(index, of: id)
    try attempt { (host, _) throws(HostError) in
      try host.write(block.map(FarmStorage.value), at: key)
    }
  }

  mutating func pail(of farmer: FarmAddress, in index: BlockIndex) throws(FarmFailure) -> Pail? {
    let key = FarmStorage.pailKey(farmer, index, of: id)
    return try attempt { (host, _) throws(HostError) in try host.read(key) }?.contractValue
      .flatMap(FarmStorage.pail)
  }

  mutating func store(_ pail: Pail?, of farmer: FarmAddress, in index: BlockIndex)
    throws(FarmFailure)
  {
    let key = FarmStorage.pailKey(farmer, index, of: id)
    try attempt { (host, _) throws(HostError) in
      try host.write(pail.map(FarmStorage.value), at: key)
    }
  }

  mutating func requireAuthorization(of address: FarmAddress) throws(FarmFailure) {
    if isOutside { return }
    try attempt { (host, _) throws(HostError) in
      try host.requireAuthorization(of: SCAddress(address))
    }
  }

  mutating func burn(_ amount: Int128, from farmer: FarmAddress, asset: Bytes32)
    throws(FarmFailure)
  { try callToken("burn", amount, farmer, asset) }

  mutating func mint(_ amount: Int128, to farmer: FarmAddress, asset: Bytes32)
    throws(FarmFailure)
  { try callToken("mint", amount, farmer, asset) }

  /// To the longest life there is, when it is 120,960 ledgers short of it; the code likewise. Source:
  /// stellar.md §4, "TTL".
  mutating func extendInstance() throws(FarmFailure) {
    if isOutside { return }
    try attempt { (host, id) throws(HostError) in
      let longest = host.world.rules.archival.ttlMax - 1
      let threshold = longest - min(longest, 120_960)
      let instance = try host.read(.instance(of: id))?.contractValue?.asInstance
      try host.extend(.instance(of: id), below: threshold, to: longest)
      if case .wasm(let hash)? = instance?.executable {
        try host.extend(.contractCode(hash), below: threshold, to: longest)
      }
    }
  }

  private mutating func callToken(
    _ function: String, _ amount: Int128, _ farmer: FarmAddress, _ asset: Bytes32
  ) throws(FarmFailure) {
    if isOutside { return }
    _ = try attempt { (host, _) throws(HostError) in
      try host.call(
        .contract(asset), function, [.address(SCAddress(farmer)), .i128(amount)])
    }
  }

  /// Runs something of the host's and keeps its reason for failing.
  private mutating func attempt<T>(_ body: (ContractHost, Bytes32) throws(HostError) -> T)
    throws(FarmFailure) -> T
  {
    do {
      return try body(host, id)
    } catch {
      reason = error
      throw .outsideFootprint
    }
  }
}

extension ContractHost {
  func runFarm(_ function: String, _ arguments: [SCVal]) throws(HostError) -> SCVal {
    guard Self.farmFunctions.contains(function) else { throw .noFunction(function) }
    var call = FarmCall(on: self, id: world.network.farmContract)
    let value: SCVal?
    do {
      value = try farmValue(function, arguments, on: &call)
    } catch {
      throw call.reason ?? HostError(error)
    }
    guard let value else { throw .badArguments(function) }
    return value
  }

  private static let farmFunctions: Set = [
    "plant", "work", "harvest", "pause", "unpause", "remove_block",
  ]

  /// Nil where the arguments do not fit.
  private func farmValue(_ function: String, _ arguments: [SCVal], on call: inout FarmCall)
    throws(FarmFailure) -> SCVal?
  {
    let farmer = arguments.first?.asAddress.flatMap(FarmAddress.init)
    switch (function, arguments.count) {
    case ("plant", 2):
      guard let farmer, let amount = arguments[1].asI128 else { return nil }
      try world.farm.plant(farmer: farmer, amount: amount, on: &call)
      return .void
    case ("work", 3):
      guard let farmer, let hash = arguments[1].asBytes32, let nonce = arguments[2].asU64 else {
        return nil
      }
      return .u32(try world.farm.work(farmer: farmer, hash: hash, nonce: nonce, on: &call))
    case ("harvest", 2):
      guard let farmer, let index = arguments[1].asU32 else { return nil }
      return .i128(
        try world.farm.harvest(farmer: farmer, index: BlockIndex(index), on: &call))
    case ("pause", 0):
      try world.farm.pause(on: &call)
      return .void
    case ("unpause", 0):
      try world.farm.unpause(on: &call)
      return .void
    case ("remove_block", 1):
      guard let index = arguments[0].asU32 else { return nil }
      try world.farm.removeBlock(BlockIndex(index), on: &call)
      return .void
    default: return nil
    }
  }
}

extension HostError {
  init(_ failure: FarmFailure) {
    switch failure {
    case .kale(let error): self = .contract(error.code, error.name)
    case .token(let error): self = .contract(error.code, error.name)
    case .unauthorized: self = HostError(.host(.auth, .invalidAction), "unauthorized")
    case .trap: self = .trap
    case .outsideFootprint: self = .outsideFootprint
    }
  }
}
