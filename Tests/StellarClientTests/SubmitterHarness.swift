import Bytes
import KaleRules
import Sodium
import StellarClient
import StellarXDR
import Synchronization

/// A submitter on a scripted node, with its follower running while a test's body does.
struct SubmitterHarness {
  let node: ScriptedNode
  let submitter: Submitter
  let journal: MemoryJournal
  let follower: LedgerFollower

  static func run<T>(
    settings: SubmitterSettings = SubmitterSettings(), fates: [ScriptedNode.Fate] = [],
    _ body: (SubmitterHarness) async throws -> T
  ) async throws -> T {
    let node = ScriptedNode()
    node.with { $0.fates = fates }
    let server = node.serve()
    defer { server.stop() }
    let rpc = RPCClient(RPCSettings(endpoints: [server.url]))
    var pace = LedgerFollower.Settings()
    pace.interval = .milliseconds(2)
    let follower = LedgerFollower(rpc, settings: pace)
    let journal = MemoryJournal()
    let submitter = Submitter(
      network: ScriptedNode.network, rpc: rpc, follower: follower, signer: TestSigner(),
      journal: journal, settings: settings)
    let running = Task { await follower.run() }
    defer { running.cancel() }
    return try await body(
      SubmitterHarness(node: node, submitter: submitter, journal: journal, follower: follower))
  }

  /// An account that exists, by number.
  func wallet(_ number: Int = 0, sequence: Int64 = 41) -> AccountID {
    let account = TestSigner.pair(number).publicKey
    node.with { $0.sequences[account] = sequence }
    return account
  }

  func draft(_ wallet: AccountID, secondsMax: UInt64 = 60) -> TransactionDraft {
    var draft = TransactionDraft(
      source: wallet, KaleCalls(ScriptedNode.network).plant(wallet, stake: 5), purpose: "plant")
    draft.secondsMax = secondsMax
    return draft
  }
}

/// Signs for accounts made of numbers.
struct TestSigner: TransactionSigner {
  static func pair(_ number: Int) -> Ed25519KeyPair {
    Ed25519KeyPair(seed: sha256(Array("test wallet \(number)".utf8)))
  }

  static func account(_ number: Int) -> AccountID { pair(number).publicKey }

  private static let numbers: [AccountID: Int] = Dictionary(
    uniqueKeysWithValues: (0..<400).map { (pair($0).publicKey, $0) })

  struct Unknown: Error {}

  func sign(
    transaction: Transaction, hash: Bytes32, account: AccountID
  ) async throws -> DecoratedSignature {
    guard let number = Self.numbers[account] else { throw Unknown() }
    return DecoratedSignature(signing: hash, with: Self.pair(number))
  }

  func sign(
    feeBump: FeeBumpTransaction, hash: Bytes32, account: AccountID
  ) async throws -> DecoratedSignature {
    guard let number = Self.numbers[account] else { throw Unknown() }
    return DecoratedSignature(signing: hash, with: Self.pair(number))
  }
}

/// Remembers intents, or refuses to.
final class MemoryJournal: IntentJournal {
  struct Full: Error {}

  private let state = Mutex<(intents: [TransactionIntent], isFull: Bool)>(([], false))

  var intents: [TransactionIntent] { state.withLock { $0.intents } }
  func refuse() { state.withLock { $0.isFull = true } }

  func store(_ intent: TransactionIntent) async throws {
    try state.withLock { state in
      if state.isFull { throw Full() }
      state.intents.append(intent)
    }
  }
}
