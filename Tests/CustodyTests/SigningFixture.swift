import Bytes
import Custody
import Sodium
import StellarXDR
import Testing

/// A farmer's wallet with all that its transactions name.
struct SigningFixture {
  let signer: WalletSigner
  let sealed: SealedSeed
  let network = KaleNetwork.devnet
  let payout = Bytes32([UInt8](repeating: 1, count: 32))!  // 32 bytes
  let stranger = Bytes32([UInt8](repeating: 2, count: 32))!  // 32 bytes
  let pooler = Bytes32([UInt8](repeating: 3, count: 32))!  // 32 bytes
  let bond = Bytes32([UInt8](repeating: 4, count: 32))!  // 32 bytes
  let own = Bytes32([UInt8](repeating: 5, count: 32))!  // 32 bytes
  var policy: WalletPolicy

  var wallet: Bytes32 { sealed.wallet }
  var me: SCVal { .address(.account(wallet)) }

  init(_ purpose: WalletPurpose = .farmer, settled: Bool = false) throws {
    let vault = Vault(keys: try VaultTests.ring([1]))
    signer = WalletSigner(vault: vault)
    sealed = vault.makeWallet(owner: 7, purpose: purpose)
    policy = WalletPolicy(
      purpose, network: network, feeMax: 10_000_000, payout: .account(payout))
    policy.isSettled = settled
    if purpose == .farmer {
      policy.terms = .init(
        pooler: .account(pooler), bondWallet: .account(bond), shareBps: 5_000)
      policy.stakeMax = 1_000
    } else {
      policy.ownWallets = [own]
    }
  }

  func transaction(_ operations: Operation...) -> Transaction { transaction(operations) }

  func transaction(_ operations: [Operation]) -> Transaction {
    Transaction(
      source: .account(wallet), fee: 200_000, sequence: 5,
      preconditions: .time(TimeBounds(max: 1_800_000_000)), operations: operations)
  }

  func farm(
    _ function: String, _ arguments: SCVal..., auth: [SorobanAuthorizationEntry] = []
  ) -> Transaction {
    transaction(.invoke(network.farmContract, function, arguments, auth: auth))
  }

  func split(
    _ function: String, _ arguments: [SCVal], auth: [SorobanAuthorizationEntry] = []
  ) -> Transaction {
    transaction(.invoke(network.splitContract!, function, arguments, auth: auth))  // devnet's
  }

  func call(_ contract: Bytes32, _ function: String, _ arguments: [SCVal]) -> InvokeContractArgs {
    InvokeContractArgs(contract: .contract(contract), function: function, arguments: arguments)
  }

  func auth(
    _ root: InvokeContractArgs, _ below: [InvokeContractArgs] = [],
    credentials: SorobanCredentials = .sourceAccount
  ) -> [SorobanAuthorizationEntry] {
    let below = below.map { SorobanAuthorizedInvocation(function: .contract($0)) }
    return [
      SorobanAuthorizationEntry(
        credentials: credentials,
        invocation: .init(function: .contract(root), subInvocations: below))
    ]
  }

  /// What makes a wallet whose reserves the source bears.
  func sandwich(_ made: Bytes32) -> [Operation] {
    [
      Operation(.beginSponsoringFutureReserves(sponsored: made)),
      Operation(.createAccount(destination: made, startingBalance: 0)),
      Operation(.changeTrust(.asset(network.asset), limit: .max), source: .account(made)),
      Operation(.endSponsoringFutureReserves, source: .account(made)),
    ]
  }

  func pay(_ to: Bytes32, _ asset: Asset? = nil, _ amount: Int64 = 10) -> Operation {
    Operation(
      .payment(destination: .account(to), asset: asset ?? network.asset, amount: amount))
  }

  func transfer(
    _ to: SCVal, from: SCVal? = nil, amount: SCVal = .amount(10), contract: Bytes32? = nil,
    function: String = "transfer"
  ) -> Transaction {
    transaction(
      .invoke(contract ?? network.assetContract, function, [from ?? me, to, amount]))
  }

  /// A settlement of 100 as the contract would make it: 40 to the pooler, 10 held, 50 paid out.
  func settlement(
    paying: [(Bytes32, Int64)]? = nil, arguments: [SCVal]? = nil, from: SCVal? = nil,
    contract: Bytes32? = nil, function: String = "transfer"
  ) -> Transaction {
    let arguments =
      arguments ?? [
        me, .bytes([UInt8](repeating: 3, count: 32)), .amount(100), .amount(60), .amount(0),
        .amount(10),
      ]
    let transfers = (paying ?? [(pooler, 40), (bond, 10), (payout, 50)]).map { to, amount in
      call(
        contract ?? network.assetContract, function,
        [from ?? me, .address(.account(to)), .amount(amount)])
    }
    let root = call(network.splitContract!, "settle", arguments)  // devnet has one
    return split("settle", arguments, auth: auth(root, transfers))
  }

  func expectSigned(
    _ transaction: Transaction, _ location: SourceLocation = #_sourceLocation
  ) throws {
    let signature = try signer.sign(transaction, with: sealed, policy: policy)
    #expect(
      signature.isValid(for: transaction.hash(networkID: network.networkID), by: wallet),
      sourceLocation: location)
  }

  func expectRefused(
    _ rule: SigningRule, _ transaction: Transaction,
    _ location: SourceLocation = #_sourceLocation
  ) {
    let error = #expect(throws: CustodyError.self, sourceLocation: location) {
      try signer.sign(transaction, with: sealed, policy: policy)
    }
    #expect(error?.code == .refused(rule), sourceLocation: location)
    #expect(error?.message.contains(rule.rawValue) == true, sourceLocation: location)
  }
}
