import Bytes
import KaleRules
import Sodium
import StellarXDR
import Testing

@testable import Devnet

/// A chain without HTTP, and what a client does with one.
struct Bench {
  var ledger: DevnetLedger
  static let coin: Int64 = 10_000_000
  static let network = KaleNetwork.devnet
  static let genesisTime: UInt64 = 1_800_000_000

  init(_ change: (inout DevnetSettings) -> Void = { _ in }) {
    var settings = DevnetSettings()
    change(&settings)
    ledger = DevnetLedger(settings, time: Self.genesisTime)
  }

  static func pair(_ name: String) -> Ed25519KeyPair {
    Ed25519KeyPair(seed: sha256(Array("test \(name)".utf8)))
  }

  /// An account with XLM and, unless nil, a KALE trustline with a balance.
  @discardableResult mutating func fund(
    _ name: String, xlm: Int64 = 100 * Bench.coin, kale: Int64? = 0
  ) throws -> Ed25519KeyPair {
    let pair = Self.pair(name)
    try apply(
      [Operation(.createAccount(destination: pair.publicKey, startingBalance: xlm))],
      by: DevnetKeys.friendbot)
    guard let kale else { return pair }
    try apply(
      [Operation(.changeTrust(.asset(Self.network.asset), limit: .max))], by: pair)
    if kale > 0 { try grant(kale, to: pair) }
    return pair
  }

  mutating func grant(_ kale: Int64, to pair: Ed25519KeyPair) throws {
    try apply(
      [
        Operation(
          .payment(
            destination: .account(pair.publicKey), asset: Self.network.asset, amount: kale))
      ], by: DevnetKeys.issuer)
  }

  /// Sends a classic transaction, closes a ledger, and demands success.
  @discardableResult mutating func apply(
    _ operations: [Operation], by source: Ed25519KeyPair, alsoBy others: [Ed25519KeyPair] = []
  ) throws -> TransactionResult {
    let result = try include(try frame(operations, by: source, alsoBy: others))
    try #require(result.isSuccess, "\(result)")
    return result
  }

  func frame(
    _ operations: [Operation], by source: Ed25519KeyPair, alsoBy others: [Ed25519KeyPair] = [],
    fee: UInt32? = nil, sequence: Int64? = nil, preconditions: Preconditions = .none
  ) throws -> TransactionFrame {
    let next = try sequence ?? #require(ledger.account(source.publicKey)).sequence + 1
    let transaction = Transaction(
      source: .account(source.publicKey), fee: fee ?? 100 * UInt32(max(1, operations.count)),
      sequence: next, preconditions: preconditions, operations: operations)
    return frame(transaction, [source] + others)
  }

  func frame(_ transaction: Transaction, _ signers: [Ed25519KeyPair]) -> TransactionFrame {
    TransactionFrame(
      transaction.signed(by: signers, networkID: Self.network.networkID),
      networkID: Self.network.networkID)
  }

  /// Sends, closes a ledger and gives the result in it.
  mutating func include(_ frame: TransactionFrame) throws -> TransactionResult {
    try #require(ledger.submit(frame) == .pending)
    ledger.close()
    return try result(frame.hash)
  }

  func result(_ hash: Bytes32) throws -> TransactionResult {
    try TransactionResult(xdr: try #require(ledger.history.transaction(hash)).transaction.result)
  }

  func meta(_ hash: Bytes32) throws -> TransactionMeta {
    try TransactionMeta(xdr: try #require(ledger.history.transaction(hash)).transaction.meta)
  }

  func kale(_ pair: Ed25519KeyPair) -> Int64? {
    ledger.entry(.trustline(of: pair.publicKey, for: Self.network.asset))?.trustline?.balance
  }

  func xlm(_ pair: Ed25519KeyPair) -> Int64? { ledger.account(pair.publicKey)?.balance }

  /// Closes ledgers until one has a close time of `time` or more.
  mutating func close(until time: UInt64) {
    while ledger.latest.closeTime < time { ledger.close() }
  }

  mutating func close(_ count: Int) { for _ in 0..<count { ledger.close() } }
}

/// Contract calls.
extension Bench {
  static func plant(_ farmer: Ed25519KeyPair, _ amount: Int128) -> Operation {
    .invoke(network.farmContract, "plant", [address(farmer), .i128(amount)])
  }

  static func harvest(_ farmer: Ed25519KeyPair, _ index: UInt32) -> Operation {
    .invoke(network.farmContract, "harvest", [address(farmer), .u32(index)])
  }

  /// A work with a real hash for the open block.
  func work(_ farmer: Ed25519KeyPair, nonce: UInt64 = 7) throws -> Operation {
    let index = try #require(ledger.farm).index
    let block = try #require(self.block(index))
    let hash = KaleHash.hash(
      block: index.rawValue, nonce: nonce, entropy: block.entropy, farmer: farmer.publicKey)
    return .invoke(
      Self.network.farmContract, "work",
      [Self.address(farmer), .bytes(hash.bytes), .u64(nonce)])
  }

  func block(_ index: BlockIndex) -> FarmBlock? {
    ledger.entry(FarmStorage.blockKey(index, of: Self.network.farmContract))?.contractValue
      .flatMap(FarmStorage.block)
  }

  static func address(_ pair: Ed25519KeyPair) -> SCVal { .address(.account(pair.publicKey)) }

  /// What the simulation of one operation by `source` says.
  func simulate(_ operation: Operation, by source: Ed25519KeyPair) -> Simulation {
    ledger.simulate(
      Transaction(
        source: .account(source.publicKey), fee: 100, sequence: 1, operations: [operation]))
  }

  /// Simulated, put together and signed, as stellar.md §4 says.
  func prepare(
    _ operation: Operation, by source: Ed25519KeyPair, inclusion: UInt32 = 100
  ) throws -> TransactionFrame {
    frame(try draft(operation, by: source, inclusion: inclusion), [source])
  }

  func draft(_ operation: Operation, by source: Ed25519KeyPair, inclusion: UInt32 = 100) throws
    -> Transaction
  {
    let simulation = simulate(operation, by: source)
    guard case .success(let success) = simulation.outcome else {
      Issue.record("\(simulation.outcome)")
      throw BenchError.simulationFailed
    }
    var operation = operation
    if case .invokeHostFunction(let function, _) = operation.body {
      operation.body = .invokeHostFunction(function, auth: success.auth)
    }
    return Transaction(
      source: .account(source.publicKey), fee: inclusion + UInt32(success.data.resourceFee),
      sequence: try #require(ledger.account(source.publicKey)).sequence + 1,
      operations: [operation], sorobanData: success.data)
  }

  /// Calls and demands success; gives the value.
  @discardableResult mutating func call(_ operation: Operation, by source: Ed25519KeyPair) throws
    -> SCVal
  {
    let frame = try prepare(operation, by: source)
    let result = try include(frame)
    try #require(result.isSuccess, "\(result)")
    return try #require(try meta(frame.hash).returnValue)
  }

  /// The first line of a simulation that must fail.
  func failure(_ operation: Operation, by source: Ed25519KeyPair) throws -> String {
    guard case .failure(let text) = simulate(operation, by: source).outcome else {
      throw BenchError.simulationSucceeded
    }
    return String(text.prefix { !$0.isNewline })
  }
}

enum BenchError: Error { case simulationFailed, simulationSucceeded }
