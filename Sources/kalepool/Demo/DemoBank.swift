import Bytes
import JSON
import Sodium
import StellarClient
import StellarXDR

/// What people do with wallets of their own on the devnet: fund them, trust KALE, and get some.
struct DemoBank: Sendable {
  /// The devnet's address.
  let url: String
  private let http: HTTPClient
  private let rpc: RPCClient

  private static let network = KaleNetwork.devnet
  /// Stroops; many times what a classic operation costs.
  private static let feeMax: UInt32 = 10_000
  /// Ledger seconds that a transaction stays valid.
  private static let validSeconds: UInt64 = 300
  /// Wall-clock seconds until a transaction must have been confirmed.
  private static let confirmSeconds = 120.0

  init(url: String, http: HTTPClient) {
    self.url = url
    self.http = http
    rpc = RPCClient(RPCSettings(endpoints: [url]), http: http)
  }

  func isUp() async -> Bool { (try? await rpc.getHealth()) != nil }

  /// A new account with XLM from the friendbot and a KALE trustline.
  func openWallet() async throws -> Ed25519KeyPair {
    let pair = Ed25519KeyPair()
    try await fund(StrKey.account(pair.publicKey))
    try await trust(pair)
    return pair
  }

  /// Lets the friendbot make the account.
  func fund(_ address: String) async throws {
    let response = try await http.send(HTTPRequest("GET", "\(url)/friendbot?addr=\(address)"))
    guard response.status == 200 else {
      throw CommandFailure("the friendbot refuses \(address): \(response.text)")
    }
  }

  /// Gives KALE from its issuer, in stroops.
  func grant(_ address: String, _ stroops: Int64) async throws {
    _ = try await rpc.call(
      "devnet_grantKale", ["address": .string(address), "amount": .string("\(stroops)")])
  }

  /// Signs and sends the account's trustline for KALE, and waits until it stands.
  private func trust(_ pair: Ed25519KeyPair) async throws {
    let transaction = Transaction(
      source: .account(pair.publicKey), fee: Self.feeMax,
      sequence: try await sequence(of: pair.publicKey) + 1,
      preconditions: .time(
        TimeBounds(max: try await rpc.getLatestLedger().closeTime + Self.validSeconds)),
      operations: [Operation(.changeTrust(.asset(Self.network.asset), limit: .max))])
    let networkID = Self.network.networkID
    let envelope = transaction.signed(by: [pair], networkID: networkID).base64
    let hash = transaction.hash(networkID: networkID)
    let address = StrKey.account(pair.publicKey)
    try await eventually("room for the trustline of \(address)", within: Self.confirmSeconds) {
      switch try await rpc.sendTransaction(envelope).status {
      case .pending, .duplicate: return true
      case .tryAgainLater: return false
      case .refused(let result):
        throw CommandFailure(
          "the trustline of \(address) is refused: \(result.map { "\($0)" } ?? "no reason")")
      }
    }
    try await eventually("the trustline of \(address)", within: Self.confirmSeconds) {
      switch try await rpc.getTransaction(hash).status {
      case .succeeded: return true
      case .failed: throw CommandFailure("the trustline of \(address) failed on chain")
      case .notFound: return false
      }
    }
  }

  /// The account's last used sequence number; the account may be on its way.
  private func sequence(of account: Bytes32) async throws -> Int64 {
    let key = LedgerKey.account(account)
    let deadline = ContinuousClock.now + .seconds(Self.confirmSeconds)
    while ContinuousClock.now < deadline {
      if case .account(let entry)? = try await rpc.getLedgerEntries([key])[key]?.data {
        return entry.sequence
      }
      try await Task.sleep(for: .milliseconds(100))
    }
    throw CommandFailure("the friendbot's payment to \(StrKey.account(account)) did not come")
  }
}
