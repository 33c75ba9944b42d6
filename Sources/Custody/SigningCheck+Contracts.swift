import Bytes
import StellarXDR

extension SigningCheck {
  /// A call of one of the four contracts the pool deals with.
  func checkCall(
    _ call: InvokeContractArgs, auth: [SorobanAuthorizationEntry],
    farmerWallets: Set<AccountID>, caller: WalletPurpose
  ) throws(CustodyError) {
    let network = policy.network
    guard case .contract(let contract) = call.contract else {
      throw refusal(.contract, "\(call.contract) is no contract")
    }
    switch contract {
    case network.farmContract:
      try checkFarm(call, auth, farmerWallets, caller)
    case network.assetContract, network.xlmContract:
      try checkToken(call, auth, caller)
    case let other where other == network.splitContract:
      try checkSplit(call, auth, farmerWallets, caller)
    default:
      throw refusal(.contract, "\(call.contract) is none of the pool's contracts")
    }
  }

  // MARK: The farm

  private func checkFarm(
    _ call: InvokeContractArgs, _ auth: [SorobanAuthorizationEntry],
    _ farmers: Set<AccountID>, _ caller: WalletPurpose
  ) throws(CustodyError) {
    switch call.function {
    case "plant":
      try allowFunction([.farmer, .treasury], caller, call)
      try checkFarmer(call, farmers, count: 2)
      guard let stake = call.arguments[1].asI128 else { throw badArguments(call) }
      let stakeMax = policy.purpose == .treasury ? 0 : policy.stakeMax.map { Int128($0) }
      guard stake >= 0, stakeMax.map({ stake <= $0 }) ?? true else {
        throw refusal(.stake, "a stake of \(stake)")
      }
      let burn = InvokeContractArgs(
        contract: .contract(policy.network.assetContract), function: "burn",
        arguments: call.arguments)
      try checkAuthorisation(auth, of: call, below: stake > 0 ? [burn] : [])
    case "work":
      try allowFunction([.farmer, .channel, .sponsor], caller, call)
      try checkFarmer(call, farmers, count: 3)
      guard call.arguments[1].asBytes32 != nil, call.arguments[2].asU64 != nil else {
        throw badArguments(call)
      }
      try checkNoAuthorisation(auth)
    case "harvest":
      try allowFunction([.farmer, .channel, .sponsor], caller, call)
      try checkFarmer(call, farmers, count: 2)
      guard call.arguments[1].asU32 != nil else { throw badArguments(call) }
      try checkNoAuthorisation(auth)
    default:
      throw refusal(.function, "the farm's \(call.function)")
    }
  }

  // MARK: KALE's and XLM's contracts

  private func checkToken(
    _ call: InvokeContractArgs, _ auth: [SorobanAuthorizationEntry], _ caller: WalletPurpose
  ) throws(CustodyError) {
    guard call.function == "transfer" else {
      throw refusal(.function, "an asset's \(call.function)")
    }
    try allowFunction([.farmer, .treasury, .bond], caller, call)
    guard call.arguments.count == 3, let destination = call.arguments[1].asAddress,
      let amount = call.arguments[2].asI128
    else { throw badArguments(call) }
    guard call.arguments[0] == .address(.account(wallet)) else {
      throw refusal(.source, "a transfer from another account")
    }
    try checkTransfer(to: destination, amount: amount)
    try checkAuthorisation(auth, of: call, below: [])
  }

  // MARK: The split contract

  private func checkSplit(
    _ call: InvokeContractArgs, _ auth: [SorobanAuthorizationEntry],
    _ farmers: Set<AccountID>, _ caller: WalletPurpose
  ) throws(CustodyError) {
    if caller == .sponsor, call.function == "settle" {
      // The farmer's own signature below the bump was made under the farmer's rules.
      return try checkFarmer(call, farmers, count: 6)
    }
    try allowFunction([.farmer], caller, call)
    switch call.function {
    case "join":
      try checkFarmer(call, farmers, count: 5)
      guard let terms = policy.terms, call.arguments[1] == .address(terms.pooler),
        call.arguments[2] == .address(terms.bondWallet),
        call.arguments[3].wholeNumber == Int128(terms.shareBps)
      else { throw refusal(.terms, "other terms than those agreed") }
      try checkPayout(call.arguments[4])
      try checkAuthorisation(auth, of: call, below: [])
    case "set_payout":
      try checkFarmer(call, farmers, count: 2)
      try checkPayout(call.arguments[1])
      try checkAuthorisation(auth, of: call, below: [])
    case "settle":
      try checkFarmer(call, farmers, count: 6)
      try checkSettlement(call, auth)
    case "terms":
      try checkFarmer(call, farmers, count: 1)
      try checkNoAuthorisation(auth)
    default:
      throw refusal(.function, "the split contract's \(call.function)")
    }
  }

  /// `settle(farmer, exit_id, amount, rewards, loss, held)`. What it moves is what it is authorised
  /// to move: KALE from this wallet to the registered parties, `amount` in all.
  private func checkSettlement(
    _ call: InvokeContractArgs, _ auth: [SorobanAuthorizationEntry]
  ) throws(CustodyError) {
    guard let terms = policy.terms, let payout = policy.payout else {
      throw refusal(.terms, "a settlement without an agreement")
    }
    let numbers = call.arguments[2...].compactMap(\.asI128)
    guard call.arguments[1].asBytes32 != nil, numbers.count == 4,
      numbers.allSatisfy({ $0 >= 0 })
    else { throw badArguments(call) }
    let amount = numbers[0]
    let invocations = try authorised(auth, call)
    var sum: Int128 = 0
    for invocation in invocations {
      guard case .contract(let transfer) = invocation.function, invocation.subInvocations.isEmpty,
        transfer.contract == .contract(policy.network.assetContract),
        transfer.function == "transfer", transfer.arguments.count == 3,
        transfer.arguments[0] == .address(.account(wallet)),
        let destination = transfer.arguments[1].asAddress,
        let paid = transfer.arguments[2].asI128, paid > 0, paid <= amount
      else { throw refusal(.authorisation, "a settlement that does something else than pay") }
      guard
        destination == terms.pooler || destination == terms.bondWallet
          || isPayout(destination, payout)
      else { throw refusal(.destination, "a settlement that pays \(destination)") }
      sum += paid
    }
    guard auth.isEmpty || sum == amount else {
      throw refusal(.authorisation, "a settlement of \(amount) that pays \(sum)")
    }
  }

  // MARK: Arguments

  private func checkFarmer(
    _ call: InvokeContractArgs, _ farmers: Set<AccountID>, count: Int
  ) throws(CustodyError) {
    guard call.arguments.count == count else { throw badArguments(call) }
    guard case .address(.account(let farmer)) = call.arguments[0], farmers.contains(farmer) else {
      throw refusal(.farmer, "\(call.function) for somebody else")
    }
  }

  private func checkPayout(_ argument: SCVal) throws(CustodyError) {
    guard let payout = policy.payout, let address = argument.asAddress,
      isPayout(address, payout)
    else { throw refusal(.payout, "a payout that is not the registered one") }
  }

  /// A contract may know an `M…` address as the account below it.
  private func isPayout(_ address: SCAddress, _ payout: SCAddress) -> Bool {
    if case .muxedAccount(_, let key) = payout, address == .account(key) { return true }
    return address == payout
  }

  private func allowFunction(
    _ kinds: Set<WalletPurpose>, _ caller: WalletPurpose, _ call: InvokeContractArgs
  ) throws(CustodyError) {
    guard kinds.contains(caller) else {
      throw refusal(.function, "\(call.function) from a \(policy.purpose.rawValue)")
    }
  }

  private func badArguments(_ call: InvokeContractArgs) -> CustodyError {
    refusal(.arguments, "\(call.function) with arguments it does not take")
  }

  // MARK: Authorisations

  private func checkNoAuthorisation(
    _ auth: [SorobanAuthorizationEntry]
  ) throws(CustodyError) {
    guard auth.isEmpty else { throw refusal(.authorisation, "a call that needs none has one") }
  }

  /// None, or the source account's for `call` with exactly the calls `below` it.
  private func checkAuthorisation(
    _ auth: [SorobanAuthorizationEntry], of call: InvokeContractArgs,
    below calls: [InvokeContractArgs]
  ) throws(CustodyError) {
    let invocations = try authorised(auth, call)
    guard !auth.isEmpty else { return }
    let expected = calls.map { SorobanAuthorizedInvocation(function: .contract($0)) }
    guard invocations == expected else {
      throw refusal(.authorisation, "\(call.function) authorises other calls than its own")
    }
  }

  /// What is authorised below `call`.
  private func authorised(
    _ auth: [SorobanAuthorizationEntry], _ call: InvokeContractArgs
  ) throws(CustodyError) -> [SorobanAuthorizedInvocation] {
    guard auth.count <= 1 else { throw refusal(.authorisation, "more than one authorisation") }
    guard let entry = auth.first else { return [] }
    guard entry.credentials == .sourceAccount else {
      throw refusal(.authorisation, "credentials other than the source account's")
    }
    guard entry.invocation.function == .contract(call) else {
      throw refusal(.authorisation, "an authorisation for another call")
    }
    return entry.invocation.subInvocations
  }
}

extension SCVal {
  /// A number of any of the contract's integer types that fits.
  fileprivate var wholeNumber: Int128? {
    switch self {
    case .u32(let value): Int128(value)
    case .i32(let value): Int128(value)
    case .u64(let value): Int128(value)
    case .i64(let value): Int128(value)
    case .u128(let value): Int128(exactly: value)
    case .i128(let value): value
    default: nil
    }
  }
}
