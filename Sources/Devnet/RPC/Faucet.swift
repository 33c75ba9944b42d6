package import Bytes
import Sodium
import StellarXDR

/// Gives out of an account what is asked for, in real transactions of that account: one at a time,
/// many operations in each. If a transaction of many fails, each operation is tried alone.
struct Faucet {
  struct Gift: Sendable {
    let hash: Bytes32
    let ledger: UInt32
  }

  struct Wish {
    let operation: Operation
    var isAlone = false
    let whenDone: CheckedContinuation<Gift?, Never>
  }

  /// Stellar's limit of operations in a transaction.
  static let operationsMax = 100
  /// Stroops offered for each operation, so that a full ledger does not keep them out.
  static let feePerOperation: UInt32 = 10_000

  let pair: Ed25519KeyPair
  private var waiting: [Wish] = []
  private var inFlight: (hash: Bytes32, wishes: [Wish])?

  init(_ pair: Ed25519KeyPair) { self.pair = pair }

  var isIdle: Bool { waiting.isEmpty && inFlight == nil }

  mutating func add(_ wish: Wish) { waiting.append(wish) }

  /// Sends the next transaction before a ledger closes.
  mutating func send(to ledger: inout DevnetLedger) {
    guard inFlight == nil, !waiting.isEmpty, let account = ledger.account(pair.publicKey) else {
      return
    }
    let count = waiting[0].isAlone ? 1 : waiting.prefix(Self.operationsMax).count { !$0.isAlone }
    let wishes = Array(waiting.prefix(count))
    let transaction = Transaction(
      source: .account(pair.publicKey), fee: Self.feePerOperation * UInt32(wishes.count),
      sequence: account.sequence + 1, operations: wishes.map(\.operation))
    let frame = TransactionFrame(
      transaction.signed(by: [pair], networkID: ledger.network.networkID),
      networkID: ledger.network.networkID)
    switch ledger.submit(frame) {
    case .pending, .duplicate:
      waiting.removeFirst(wishes.count)
      inFlight = (frame.hash, wishes)
    case .tryAgainLater: break
    case .error:
      waiting.removeFirst(wishes.count)
      retry(wishes)
    }
  }

  /// Looks what became of it after a ledger closed.
  mutating func settle(with ledger: DevnetLedger) {
    guard let (hash, wishes) = inFlight else { return }
    if let (closed, transaction) = ledger.history.transaction(hash) {
      inFlight = nil
      guard transaction.isSuccess else { return retry(wishes) }
      for wish in wishes {
        wish.whenDone.resume(returning: Gift(hash: hash, ledger: closed.sequence))
      }
    } else if !ledger.isWaiting(hash) {
      inFlight = nil
      retry(wishes)
    }
  }

  /// Tells everybody that nothing comes any more.
  mutating func close() {
    for wish in waiting + (inFlight?.wishes ?? []) { wish.whenDone.resume(returning: nil) }
    waiting = []
    inFlight = nil
  }

  private mutating func retry(_ wishes: [Wish]) {
    guard wishes.count > 1 else {
      for wish in wishes { wish.whenDone.resume(returning: nil) }
      return
    }
    for var wish in wishes {
      wish.isAlone = true
      waiting.append(wish)
    }
    // Those that go alone come first, so that they are not mixed into the next.
    waiting.sort { $0.isAlone && !$1.isAlone }
  }
}

extension DevnetLedger {
  /// Whether a transaction waits to be included.
  package func isWaiting(_ hash: Bytes32) -> Bool { queue.contains(hash) }
}
