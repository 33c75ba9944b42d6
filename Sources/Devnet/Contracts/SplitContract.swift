import Bytes
import SplitRules
import StellarXDR

/// The split contract: what farmers and poolers agreed on, and the settlement when a farmer leaves.
///
/// Its calls, values, storage and errors are specified in `deploy/split-contract.md`; the arithmetic
/// is `SplitRules`. Source: design.md §7 and §11.
struct SplitContract: Sendable {
  let id: Bytes32

  /// Numbered from 101, so that none is taken for the asset contract's.
  enum Failure: UInt32 {
    case notJoined = 101
    case alreadyJoined = 102
    case shareTooLarge = 103
    case amountNegative = 104
    case rewardsNegative = 105
    case lossNegative = 106
    case heldOutOfRange = 107
  }

  func run(_ function: String, _ arguments: [SCVal], on host: ContractHost) throws(HostError)
    -> SCVal
  {
    guard let farmer = arguments.first?.asAddress else { throw .badArguments(function) }
    switch (function, arguments.count) {
    case ("join", 5):
      guard let terms = Terms(arguments.dropFirst()) else { break }
      try join(farmer, terms, on: host)
      return .void
    case ("set_payout", 2):
      guard let payout = arguments[1].asAddress else { break }
      try setPayout(farmer, payout, on: host)
      return .void
    case ("settle", 6):
      guard let settlement = Settlement(arguments.dropFirst()) else { break }
      return try settle(farmer, settlement, on: host)
    case ("terms", 1): return try terms(of: farmer, on: host).value
    case ("join", _), ("set_payout", _), ("settle", _), ("terms", _): break
    default: throw .noFunction(function)
    }
    throw .badArguments(function)
  }

  private func join(_ farmer: SCAddress, _ terms: Terms, on host: ContractHost) throws(HostError) {
    try host.requireAuthorization(of: farmer)
    guard terms.shareBps <= shareBpsMax else { throw Self.error(.shareTooLarge) }
    if let stored = try host.read(termsKey(farmer))?.contractValue {
      guard stored == terms.value else { throw Self.error(.alreadyJoined) }
      return
    }
    try host.write(terms.value, at: termsKey(farmer))
  }

  private func setPayout(_ farmer: SCAddress, _ payout: SCAddress, on host: ContractHost)
    throws(HostError)
  {
    try host.requireAuthorization(of: farmer)
    var terms = try terms(of: farmer, on: host)
    terms.payout = payout
    try host.write(terms.value, at: termsKey(farmer))
  }

  private func settle(_ farmer: SCAddress, _ settlement: Settlement, on host: ContractHost)
    throws(HostError) -> SCVal
  {
    try host.requireAuthorization(of: farmer)
    let exitKey = LedgerKey.persistent(
      id, .key("Exit", .address(farmer), .bytes(settlement.exitID.bytes)))
    if let first = try host.read(exitKey)?.contractValue { return first }
    let terms = try terms(of: farmer, on: host)
    let (split, payments) = try divide(settlement, terms)
    let asset = try assetAddress(on: host)
    for (receiver, amount) in [
      (terms.pooler, payments.toPooler), (terms.bondWallet, payments.toBond),
      (terms.payout, payments.toFarmer),
    ] where amount > 0 {
      _ = try host.call(
        asset, "transfer", [.address(farmer), .address(receiver), .i128(amount)])
    }
    let result = settlement.result(terms, split)
    try host.write(result, at: exitKey)
    try host.write(nil, at: termsKey(farmer))
    return result
  }

  private func divide(_ settlement: Settlement, _ terms: Terms) throws(HostError)
    -> (Split, Split.Payments)
  {
    do throws(SplitError) {
      let split = try split(
        amount: settlement.amount, rewards: settlement.rewards, loss: settlement.loss,
        shareBps: terms.shareBps)
      return (split, try split.payments(held: settlement.held))
    } catch {
      switch error {
      case .negativeAmount: throw Self.error(.amountNegative)
      case .negativeRewards: throw Self.error(.rewardsNegative)
      case .negativeLoss: throw Self.error(.lossNegative)
      case .shareTooLarge: throw Self.error(.shareTooLarge)
      case .heldOutOfRange: throw Self.error(.heldOutOfRange)
      }
    }
  }

  private func terms(of farmer: SCAddress, on host: ContractHost) throws(HostError) -> Terms {
    guard let stored = try host.read(termsKey(farmer))?.contractValue,
      let terms = Terms(value: stored)
    else { throw Self.error(.notJoined) }
    return terms
  }

  private func assetAddress(on host: ContractHost) throws(HostError) -> SCAddress {
    let instance = try host.read(.instance(of: id))?.contractValue?.asInstance
    guard let asset = instance?[key: .key("Asset")]?.asAddress else { throw .trap }
    return asset
  }

  private func termsKey(_ farmer: SCAddress) -> LedgerKey {
    .persistent(id, .key("Terms", .address(farmer)))
  }

  private static func error(_ failure: Failure) -> HostError {
    let name = String(describing: failure)
    return .contract(failure.rawValue, name.prefix(1).uppercased() + name.dropFirst())
  }
}
