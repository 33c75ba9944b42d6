import Bytes
import JSON
import StellarClient
import StellarXDR

/// What the ledgers themselves say was done for the demo's farmers: read from every transaction of the
/// network, and so owing nothing to the pool's own books.
struct DemoChain: Sendable {
  private(set) var plants = 0
  private(set) var works = 0
  private(set) var harvests = 0
  private(set) var splits = 0
  /// Of all these, those whose sequence number a channel lent.
  private(set) var byChannels = 0
  /// Deeds that were done a second time or more.
  private(set) var repeated = 0

  /// One thing that may be done once only: a farmer's part in a block, or one exit's split.
  private struct Deed: Hashable {
    let function: String
    let farmer: AccountID
    let what: SCVal
  }

  private static let network = KaleNetwork.devnet
  /// The most that the RPC gives.
  private static let pageLimit = 200

  private var deeds: [Deed: Int] = [:]

  /// Reads all that the node keeps.
  static func read(_ rpc: RPCClient, farmers: Set<AccountID>) async throws -> DemoChain {
    var chain = DemoChain()
    let oldest = try await rpc.getHealth().oldestLedger
    var pagination: [String: JSONValue] = ["limit": .number("\(pageLimit)")]
    var start: JSONValue? = .number("\(oldest)")
    while true {
      var parameters: [String: JSONValue] = ["pagination": .object(pagination)]
      if let start { parameters["startLedger"] = start }
      let page = try await rpc.call("getTransactions", .object(parameters))
      let transactions = page["transactions"]?.asArray ?? []
      for transaction in transactions where transaction["status"]?.asString == "SUCCESS" {
        let envelope = try TransactionEnvelope(
          base64: transaction["envelopeXdr"]?.asString ?? "")
        chain.note(envelope.inner, farmers)
      }
      guard transactions.count == pageLimit, let cursor = page["cursor"]?.asString else {
        return chain
      }
      pagination["cursor"] = .string(cursor)
      start = nil
    }
  }

  private mutating func note(_ transaction: Transaction, _ farmers: Set<AccountID>) {
    guard let call = transaction.call,
      case .account(let farmer)? = call.arguments.first?.asAddress, farmers.contains(farmer),
      let what = Self.what(call, transaction)
    else { return }
    switch call.function {
    case "plant": plants += 1
    case "work": works += 1
    case "harvest": harvests += 1
    case "settle": splits += 1
    default: return
    }
    if transaction.source.accountID != farmer { byChannels += 1 }
    let deed = Deed(function: call.function, farmer: farmer, what: what)
    deeds[deed, default: 0] += 1
    if deeds[deed] != 1 { repeated += 1 }
  }

  /// The pail that a call of the farm writes, or the exit that a split is of.
  private static func what(_ call: InvokeContractArgs, _ transaction: Transaction) -> SCVal? {
    if call.contract == network.splitContract.map({ .contract($0) }) { return call.arguments[1] }
    for key in transaction.sorobanData?.resources.footprint.readWrite ?? [] {
      guard case .contractData(let contract, let name, _) = key,
        contract == .contract(network.farmContract), name.asVec?.first == .symbol("Pail")
      else { continue }
      return name
    }
    return nil
  }
}
