import Bytes
import Sodium
import StellarXDR

/// The chain that all nodes serve: ledgers are closed, transactions taken and faults drawn one at a
/// time.
///
/// What a node says, and when it hears of things, may be spoiled on command; the chain stays sound.
package actor DevnetChain {
  var ledger: DevnetLedger
  var faults: FaultBook
  private var friendbot = Faucet(DevnetKeys.friendbot)
  private var kaleBank = Faucet(DevnetKeys.homesteader)
  /// Transactions on their way, with the ledger after whose closing they arrive.
  var delayed: [(frame: TransactionFrame, arrival: UInt32)] = []
  /// When the last ledger closed, by the wall clock.
  private var lastClosing = ContinuousClock.now
  private var isClosed = false
  /// How fast ledgers close by themselves; nil is not at all.
  private(set) var speed: Double?
  /// Ledger seconds that the next ledger skips.
  private var skippedSeconds: UInt64 = 0
  let doors = NodeDoors()

  /// What the friendbot gives: 10,000 XLM.
  static let friendbotGift: Int64 = 10_000 * 10_000_000

  package init(_ ledger: DevnetLedger) {
    self.ledger = ledger
    faults = FaultBook(seed: ledger.settings.seed)
    speed = ledger.settings.isManual ? nil : ledger.settings.speed
  }

  /// Looks at the chain as it is.
  package func read<T: Sendable>(_ body: @Sendable (borrowing DevnetLedger) -> T) -> T {
    body(ledger)
  }

  /// Wall-clock time since the last ledger closed.
  var idleTime: Duration { ContinuousClock.now - lastClosing }

  /// Takes a transaction in, without any fault.
  func submit(_ frame: TransactionFrame) -> SubmitOutcome { ledger.submit(frame) }

  /// Makes the next ledger.
  package func close() {
    for frame in arrivals() { _ = ledger.submit(frame) }
    friendbot.send(to: &ledger)
    kaleBank.send(to: &ledger)
    ledger.feeFloor = faults.strikeFeeFloor()
    ledger.pinned = faults.pinned
    let keptOut = ledger.keptOut
    ledger.close(skipping: skippedSeconds)
    skippedSeconds = 0
    faults.count(.feeSpike, ledger.keptOut - keptOut)
    faults.expire(at: ledger.latest.sequence)
    settleDoors()
    lastClosing = .now
    friendbot.settle(with: ledger)
    kaleBank.settle(with: ledger)
  }

  /// A speed of 0 stops the clock; the next ledger comes so many seconds later than it would.
  func setClock(speed: Double?, skipping seconds: UInt64) {
    if let speed { self.speed = speed > 0 ? speed : nil }
    skippedSeconds += seconds
  }

  /// Nothing closes any more: nobody waits for a gift in vain.
  func shutDown() {
    isClosed = true
    friendbot.close()
    kaleBank.close()
  }

  /// Makes an account with the friendbot's gift; waits for the ledger. Nil if it exists already.
  func fund(_ account: AccountID) async -> Faucet.Gift? {
    let operation = Operation(
      .createAccount(destination: account, startingBalance: Self.friendbotGift))
    guard !isClosed, ledger.account(account) == nil else { return nil }
    return await withCheckedContinuation { continuation in
      friendbot.add(Faucet.Wish(operation: operation, whenDone: continuation))
      closeByHand()
    }
  }

  /// Pays KALE from the homesteader's holding; waits for the ledger. Nil if the account cannot receive it.
  func grantKale(_ amount: Int64, to account: AccountID) async -> Faucet.Gift? {
    let operation = Operation(
      .payment(destination: .account(account), asset: ledger.network.asset, amount: amount))
    let key = LedgerKey.trustline(of: account, for: ledger.network.asset)
    guard !isClosed, let line = ledger.entry(key)?.trustline,
      amount <= line.limit - line.balance
    else { return nil }
    return await withCheckedContinuation { continuation in
      kaleBank.add(Faucet.Wish(operation: operation, whenDone: continuation))
      closeByHand()
    }
  }

  /// Without a timer nobody else would close the ledgers that a gift needs.
  private func closeByHand() {
    guard speed == nil else { return }
    while !(friendbot.isIdle && kaleBank.isIdle) { close() }
  }
}
