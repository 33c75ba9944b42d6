import Bytes
import KaleRules
import StellarXDR

/// The contract of a classic asset (SAC): the calls that the pool, the farm and the split need.
///
/// Source: stellar.md §5, CAP-46-06, CAP-67 (events).
struct AssetContract: Sendable {
  let asset: Asset
  let id: Bytes32

  func run(_ function: String, _ arguments: [SCVal], on host: ContractHost) throws(HostError)
    -> SCVal
  {
    try extendLives(on: host)
    switch (function, arguments.count) {
    case ("transfer", 3):
      guard let from = arguments[0].asAddress, let to = arguments[1].asAddress,
        let amount = arguments[2].asI128
      else { break }
      try transfer(amount, from: from, to: to, on: host)
      return .void
    case ("burn", 2):
      guard let from = arguments[0].asAddress, let amount = arguments[1].asI128 else { break }
      try burn(amount, from: from, on: host)
      return .void
    case ("mint", 2):
      guard let to = arguments[0].asAddress, let amount = arguments[1].asI128 else { break }
      try mint(amount, to: to, on: host)
      return .void
    case ("balance", 1):
      guard let holder = arguments[0].asAddress else { break }
      return .i128(try balance(of: holder, on: host))
    case ("authorized", 1):
      guard let holder = arguments[0].asAddress else { break }
      return .bool(try isAuthorized(holder, on: host))
    case ("decimals", 0): return .u32(7)
    case ("name", 0): return name
    case ("symbol", 0):
      return .string(Array((asset == .native ? "native" : asset.code).utf8))
    case ("admin", 0):
      guard let admin = try administrator(on: host) else { break }
      return .address(admin)
    default: throw .noFunction(function)
    }
    throw .badArguments(function)
  }

  /// `CODE:ISSUER` or `native`, the last topic of every event.
  var name: SCVal { .string(Array(asset.description.utf8)) }

  private func transfer(_ amount: Int128, from: SCAddress, to: SCAddress, on host: ContractHost)
    throws(HostError)
  {
    try check(amount)
    try host.requireAuthorization(of: from)
    let (receiver, muxedID) = to.unmuxed
    try spend(amount, of: from, on: host)
    try receive(amount, by: receiver, on: host)
    host.emit(event(transfer: amount, from: from, to: receiver, muxedID: muxedID))
  }

  private func burn(_ amount: Int128, from: SCAddress, on host: ContractHost) throws(HostError) {
    guard asset != .native, from != issuer else {
      throw Self.error(.operationNotSupported, "cannot burn native asset or from the issuer")
    }
    try check(amount)
    try host.requireAuthorization(of: from)
    try spend(amount, of: from, on: host)
    host.emit(event("burn", from, amount))
  }

  private func mint(_ amount: Int128, to: SCAddress, on host: ContractHost) throws(HostError) {
    let (receiver, muxedID) = to.unmuxed
    guard asset != .native, receiver != issuer else {
      throw Self.error(.operationNotSupported, "cannot mint native asset or to the issuer")
    }
    try check(amount)
    guard let administrator = try administrator(on: host) else {
      throw Self.error(.unauthorized, "the asset has no administrator")
    }
    try host.requireAuthorization(of: administrator)
    try receive(amount, by: receiver, on: host)
    host.emit(event("mint", receiver, amount, muxedID: muxedID))
  }

  private func check(_ amount: Int128) throws(HostError) {
    guard amount >= 0 else { throw Self.error(.negativeAmount, "negative amount is not allowed") }
  }

  private func administrator(on host: ContractHost) throws(HostError) -> SCAddress? {
    let instance = try host.read(.instance(of: id))?.contractValue?.asInstance
    return instance?[key: .key("Admin")]?.asAddress
  }

  private var issuer: SCAddress? { asset.issuer.map { .account($0) } }

  static func error(_ error: TokenError, _ message: String) -> HostError {
    .contract(error.code, message)
  }
}

/// Events, which classic operations emit as well.
extension AssetContract {
  /// A transfer, which from the issuer is a mint and to the issuer a burn.
  func event(transfer amount: Int128, from: SCAddress, to: SCAddress, muxedID: UInt64? = nil)
    -> ContractEvent
  {
    if from == issuer, to != issuer { return event("mint", to, amount, muxedID: muxedID) }
    if to == issuer, from != issuer { return event("burn", from, amount) }
    return ContractEvent(
      contract: id, kind: .contract,
      topics: [.symbol("transfer"), .address(from), .address(to), name],
      data: Self.data(amount, muxedID))
  }

  func event(_ what: String, _ holder: SCAddress, _ amount: Int128, muxedID: UInt64? = nil)
    -> ContractEvent
  {
    ContractEvent(
      contract: id, kind: .contract, topics: [.symbol(what), .address(holder), name],
      data: Self.data(amount, muxedID))
  }

  private static func data(_ amount: Int128, _ muxedID: UInt64?) -> SCVal {
    guard let muxedID else { return .i128(amount) }
    return .map([
      SCMapEntry(key: .symbol("amount"), value: .i128(amount)),
      SCMapEntry(key: .symbol("to_muxed_id"), value: .u64(muxedID)),
    ])
  }
}

extension SCAddress {
  /// The address itself, and the id that somebody behind it is known by.
  var unmuxed: (SCAddress, UInt64?) {
    switch self {
    case .muxedAccount(let id, let account): (.account(account), id)
    case .muxedContract(let id, let contract): (.contract(contract), id)
    default: (self, nil)
    }
  }
}
