import Bytes
import Devnet
import JSON
import KaleRules
import Logging
import StellarClient
import StellarXDR
import Testing

/// A devnet of its own for a test, with a client on it.
struct DevnetHarness {
  static let network = KaleNetwork.devnet

  let http: HTTPClient
  let url: String
  let rpc: RPCClient
  let reader: KaleReader
  let follower: LedgerFollower
  let submitter: Submitter
  let journal: MemoryJournal
  let prepared: PreparedCalls
  let calls = KaleCalls(DevnetHarness.network)

  /// Five ledgers a second of the wall clock, at the standard speed.
  static func run(
    blockSeconds: UInt64 = 60, nodes: Int = 1, speed: Double = 25,
    _ body: (DevnetHarness) async throws -> Void
  ) async throws {
    var settings = DevnetSettings()
    var node = NodeSettings()
    node.port = 0
    settings.nodes = Array(repeating: node, count: nodes)
    settings.speed = speed
    settings.blockSeconds = blockSeconds
    var logger = Logger(label: "devnet")
    logger.logLevel = .critical
    let devnet = try Devnet(settings, logger: logger)
    let running = Task { try await devnet.run() }
    let urls = try await devnet.boundPorts().map { "http://127.0.0.1:\($0)" }
    let http = HTTPClient()
    var places = RPCSettings(endpoints: urls)
    places.failoverTimeout = .milliseconds(500)
    let rpc = RPCClient(places, http: http)
    var pace = LedgerFollower.Settings()
    pace.interval = .milliseconds(50)
    let follower = LedgerFollower(rpc, settings: pace)
    let following = Task { await follower.run() }
    let journal = MemoryJournal()
    let prepared = PreparedCalls(network)
    let harness = DevnetHarness(
      http: http, url: urls[0], rpc: rpc, reader: KaleReader(rpc, network: network),
      follower: follower,
      submitter: Submitter(
        network: network, rpc: rpc, follower: follower, signer: TestSigner(), journal: journal,
        onSimulated: { prepared.learn(from: $0) }),
      journal: journal, prepared: prepared)
    let result: Result<Void, any Error>
    do {
      result = .success(try await body(harness))
    } catch {
      result = .failure(error)
    }
    following.cancel()
    running.cancel()
    _ = await running.result
    try result.get()
  }

  /// Wallets with XLM, a trustline and some KALE.
  func wallets(_ count: Int, kale: Int64 = 1_000_000_000) async throws -> [AccountID] {
    let accounts = (0..<count).map { TestSigner.account($0) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for account in accounts {
        group.addTask {
          let answer = try await http.send(
            HTTPRequest("GET", "\(url)/friendbot?addr=\(StrKey.account(account))"))
          #expect(answer.status == 200, "\(answer.text)")
          let trust = try await submit(account, calls.trustKale())
          #expect(trust.inclusion != nil)
          guard kale > 0 else { return }
          _ = try await rpc.call(
            "devnet_grantKale",
            ["address": .string(StrKey.account(account)), "amount": .string("\(kale)")])
        }
      }
      try await group.waitForAll()
    }
    return accounts
  }

  func submit(_ source: AccountID, _ operation: Operation) async throws -> TransactionOutcome {
    var draft = TransactionDraft(source: source, operation, purpose: "test")
    // Plenty: a loaded machine is no fault of the client's.
    draft.secondsMax = 600
    return try await submitter.submit(draft)
  }

  /// Waits until the ledger's clock is past a time.
  func passed(_ time: UInt64) async {
    while let tick = follower.latest, tick.closeTime < time {
      await follower.wait(after: tick.sequence)
    }
  }
}
