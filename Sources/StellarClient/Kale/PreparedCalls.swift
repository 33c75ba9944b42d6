package import KaleRules
package import StellarXDR
import Synchronization

/// Makes plants and works without simulation, from the last ones that were simulated.
///
/// A simulation takes a node's time when it is dearest, and a plant for a block that is not open yet
/// cannot be simulated at all: a simulation runs at the last closed ledger's time, so for the first ledger of a block it says
/// that the farmer has planted already. The entries that the plant will touch can be foretold: those
/// of the last one with the next block's number in them. Source: stellar.md §7, kale.md §7.
package final class PreparedCalls: Sendable {
  private enum Kind: Hashable {
    case plant(hasStake: Bool)
    case work
  }

  private struct Template {
    var data: SorobanTransactionData
    let farmer: AccountID
    let block: BlockIndex
  }

  /// The block's own entry, generously: whoever opens the block pays for keeping it.
  private static let blockBytes: Int64 = 700

  private let keys: KaleKeys
  /// With a stake the asset is burnt, which touches more.
  private let templates = Mutex<[Kind: Template]>([:])

  package init(_ network: KaleNetwork) { keys = KaleKeys(network) }

  /// Looks at a call as its simulation made it.
  package func learn(from transaction: Transaction) {
    guard let data = transaction.sorobanData, let call = transaction.call,
      call.contract == .contract(keys.network.farmContract), call.arguments.count >= 2,
      case .account(let farmer)? = call.arguments[0].asAddress,
      let block = data.resources.footprint.readWrite.lazy.compactMap(pailBlock(farmer)).first
    else { return }
    let kind: Kind
    switch call.function {
    case "plant": kind = .plant(hasStake: call.arguments[1].asI128 ?? 0 > 0)
    case "work": kind = .work
    default: return
    }
    templates.withLock { $0[kind] = Template(data: data, farmer: farmer, block: block) }
  }

  /// The plant of `stake` in the open block, or nil where no like of it was seen yet.
  package func plant(
    _ farmer: AccountID, stake: Stroops, in block: BlockIndex
  ) -> PreparedCall? {
    guard var data = data(.plant(hasStake: stake.rawValue > 0), farmer, block) else { return nil }
    data.resourceFee += data.resourceFee / 10
    return PreparedCall(data: data, auth: [auth(farmer, stake)])
  }

  /// The same for a block that this plant may have to open, which takes a little more.
  package func plant(
    _ farmer: AccountID, stake: Stroops, opening block: BlockIndex, limits: NetworkLimits
  ) -> PreparedCall? {
    guard var call = plant(farmer, stake: stake, in: block) else { return nil }
    call.data.resources.instructions += call.data.resources.instructions / 20
    call.data.resources.writeBytes += call.data.resources.writeBytes / 10
    call.data.resourceFee += rentOfBlock(limits)
    return call
  }

  /// The work of a farmer whose pail is in the open block, or nil where no work was seen yet.
  package func work(_ farmer: AccountID, in block: BlockIndex) -> PreparedCall? {
    guard var data = data(.work, farmer, block) else { return nil }
    data.resourceFee += data.resourceFee / 10
    return PreparedCall(data: data, auth: [])
  }

  /// Of the resources that a farm call takes, where one was seen.
  package var seen: SorobanTransactionData? {
    templates.withLock { $0[.work] ?? $0[.plant(hasStake: true)] ?? $0[.plant(hasStake: false)] }?
      .data
  }

  /// The resources of the call that takes most of a ledger's instructions.
  package var dearest: SorobanResources? {
    templates.withLock { templates in
      templates.values.map(\.data.resources).max { $0.instructions < $1.instructions }
    }
  }

  private func data(
    _ kind: Kind, _ farmer: AccountID, _ block: BlockIndex
  ) -> SorobanTransactionData? {
    guard let template = templates.withLock({ $0[kind] }) else { return nil }
    var data = template.data
    data.resources.footprint = LedgerFootprint(
      readOnly: data.resources.footprint.readOnly.map { rename($0, template, farmer, block) },
      readWrite: data.resources.footprint.readWrite.map { rename($0, template, farmer, block) })
    return data
  }

  /// Twice what keeping the block's entry costs; what is not needed comes back.
  private func rentOfBlock(_ limits: NetworkLimits) -> Int64 {
    let life = Int64(limits.temporaryTTLMin)
    let change = RentFees.Change(
      isPersistent: false, oldBytes: 0, newBytes: Self.blockBytes, oldLiveUntil: 0,
      newLiveUntil: life)
    return 2 * limits.rents.fee([change], ledger: 1)
  }

  /// Reads the block's number from a pail's key of the farmer.
  private func pailBlock(_ farmer: AccountID) -> (LedgerKey) -> BlockIndex? {
    { [keys] key in
      guard case .contractData(_, .vec(let parts), .temporary) = key, parts.count == 3,
        case .u32(let number) = parts[2], key == keys.pail(farmer, BlockIndex(number))
      else { return nil }
      return BlockIndex(number)
    }
  }

  private func rename(
    _ key: LedgerKey, _ template: Template, _ farmer: AccountID, _ block: BlockIndex
  ) -> LedgerKey {
    switch key {
    case keys.block(template.block): keys.block(block)
    case keys.pail(template.farmer, template.block): keys.pail(farmer, block)
    case keys.kale(template.farmer): keys.kale(farmer)
    case keys.account(template.farmer): keys.account(farmer)
    default: key
    }
  }

  /// The farmer is the transaction's source, whose signature covers the call and the burn below it.
  private func auth(_ farmer: AccountID, _ stake: Stroops) -> SorobanAuthorizationEntry {
    let arguments: [SCVal] = [.address(.account(farmer)), .i128(Int128(stake.rawValue))]
    let burn = SorobanAuthorizedInvocation(
      function: .contract(
        InvokeContractArgs(
          contract: .contract(keys.network.assetContract), function: "burn", arguments: arguments)))
    return SorobanAuthorizationEntry(
      credentials: .sourceAccount,
      invocation: SorobanAuthorizedInvocation(
        function: .contract(
          InvokeContractArgs(
            contract: .contract(keys.network.farmContract), function: "plant",
            arguments: arguments)),
        subInvocations: stake.rawValue > 0 ? [burn] : []))
  }
}
