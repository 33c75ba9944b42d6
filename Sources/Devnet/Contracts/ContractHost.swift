import Bytes
import KaleRules
import StellarXDR

/// Runs contract calls on top of the ledger: storage within the footprint, authorisation, events.
///
/// One host serves one transaction or simulation and is used by nobody else, hence a class.
final class ContractHost {
  let world: ContractWorld
  let overlay: Overlay
  var footprint: FootprintGuard
  var authorization: AuthorizationBook
  private(set) var events: [ContractEvent] = []
  /// What happened, oldest first, for diagnosis.
  private(set) var log: [DiagnosticEvent] = []
  /// Of all calls so far, by ``ContractPrices``.
  private(set) var instructions: Int64 = 0
  private var frames: [InvokeContractArgs] = []

  init(
    world: ContractWorld, overlay: Overlay, footprint: FootprintGuard,
    authorization: AuthorizationBook
  ) {
    self.world = world
    self.overlay = overlay
    self.footprint = footprint
    self.authorization = authorization
  }

  /// Calls a contract, from outside or from another contract.
  func call(_ contract: SCAddress, _ function: String, _ arguments: [SCVal]) throws(HostError)
    -> SCVal
  {
    guard case .contract(let id) = contract else {
      throw HostError(.host(.context, .invalidInput), "\(contract) is no contract")
    }
    let call = InvokeContractArgs(contract: contract, function: function, arguments: arguments)
    frames.append(call)
    let depth = frames.count
    defer {
      frames.removeLast()
      authorization.leave(depth)
    }
    note(
      [.symbol("fn_call"), .bytes(id.bytes), .symbol(function)],
      arguments.count == 1 ? arguments[0] : .vec(arguments), by: frames.dropLast().last)
    do {
      let value = try run(id, call)
      note([.symbol("fn_return"), .symbol(function)], value, by: call)
      return value
    } catch {
      var error = error
      let isOwn = error.contract == nil
      if isOwn { error.contract = id }
      let why = isOwn ? error.message : "escalating error to VM trap from failed host function call"
      note([.symbol("error"), .error(error.error)], .string(Array(why.utf8)), by: call)
      throw error
    }
  }

  private func run(_ id: Bytes32, _ call: InvokeContractArgs) throws(HostError) -> SCVal {
    try instantiate(id)
    instructions += ContractPrices.instructions(of: call.function, of: id, on: world.network)
    switch id {
    case world.network.farmContract: return try runFarm(call.function, call.arguments)
    case world.network.assetContract:
      return try world.asset.run(call.function, call.arguments, on: self)
    case world.network.xlmContract:
      return try world.native.run(call.function, call.arguments, on: self)
    case world.network.splitContract:
      return try SplitContract(id: id).run(call.function, call.arguments, on: self)
    default: throw .noFunction(call.function)
    }
  }

  /// Loads a contract: its instance and, unless it is an asset's, its code.
  private func instantiate(_ id: Bytes32) throws(HostError) {
    let key = LedgerKey.instance(of: id)
    guard case .contractInstance(let instance)? = try read(key)?.contractValue else {
      throw HostError(
        .host(.storage, .missingValue), "trying to get non-existing value for contract instance")
    }
    if case .wasm(let hash) = instance.executable { _ = try read(.contractCode(hash)) }
  }

  /// Demands the agreement of `address` to the running call.
  func requireAuthorization(of address: SCAddress) throws(HostError) {
    guard let call = frames.last else { throw .unauthorized(address) }
    // A contract agrees to what it calls itself.
    if frames.count > 1, frames[frames.count - 2].contract == address { return }
    let demand = try authorization.require(address, for: call, depth: frames.count)
    switch demand {
    case .nothing: break
    case .signature(let entry): try verify(entry)
    case .futureSignature(let signer): try noteFutureSignature(of: signer)
    }
  }

  /// An entry within the footprint; nil if absent.
  func read(_ key: LedgerKey) throws(HostError) -> StoredEntry? {
    try footprint.read(key)
    if footprint.isRecording, overlay.archived(key) != nil {
      footprint.restore(key)
      overlay.restore(key, until: world.rules.restoredUntil(world.sequence))
    }
    return overlay[key]
  }

  /// Lets an entry live `ledgers` more, if it is down to less than `threshold`.
  func extend(_ key: LedgerKey, below threshold: UInt32, to ledgers: UInt32) throws(HostError) {
    guard let last = try read(key)?.liveUntil, last - min(last, world.sequence) < threshold else {
      return
    }
    overlay.extend(key, until: world.sequence + min(ledgers, world.rules.archival.ttlMax - 1))
  }

  /// Writes a contract's value; nil removes it. What is new lives its minimum, what exists keeps
  /// its time.
  func write(_ value: SCVal?, at key: LedgerKey, liveUntil: UInt32? = nil) throws(HostError) {
    try footprint.write(key)
    guard case .contractData(let contract, let name, let durability) = key else {
      preconditionFailure("contracts write contract data")
    }
    guard let value else {
      overlay.write(nil, at: key)
      return
    }
    let minimum =
      durability == .temporary
      ? world.rules.archival.temporaryTTLMin : world.rules.archival.persistentTTLMin
    let last = overlay[key]?.liveUntil ?? liveUntil ?? world.sequence + minimum - 1
    let data = ContractDataEntry(
      contract: contract, key: name, durability: durability, value: value)
    overlay.write(StoredEntry(.contractData(data), liveUntil: last), at: key)
  }

  /// Writes a classic entry; nil removes it.
  func write(classic data: LedgerEntryData?, at key: LedgerKey) throws(HostError) {
    try footprint.write(key)
    guard let data else {
      overlay.write(nil, at: key)
      return
    }
    var stored = overlay[key] ?? StoredEntry(data)
    stored.data = data
    overlay.write(stored, at: key)
  }

  func emit(_ event: ContractEvent) { events.append(event) }

  private func note(_ topics: [SCVal], _ data: SCVal, by caller: InvokeContractArgs?) {
    var contract: Bytes32?
    if case .contract(let id)? = caller?.contract { contract = id }
    log.append(
      DiagnosticEvent(
        inSuccessfulContractCall: true,
        event: ContractEvent(contract: contract, kind: .diagnostic, topics: topics, data: data)))
  }
}
