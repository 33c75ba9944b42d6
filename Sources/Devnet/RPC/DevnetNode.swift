import Bytes
import Sodium
import StellarXDR

/// One node over the chain: answers are given and ledgers are closed one at a time.
///
/// The seam for faults: what a node says and when it hears of things is decided here, while the
/// chain below stays sound.
package actor DevnetNode {
  private var ledger: DevnetLedger
  private var friendbot = Faucet(DevnetKeys.friendbot)
  private var kaleBank = Faucet(DevnetKeys.homesteader)
  /// When the last ledger closed, by the wall clock.
  private var lastClosing = ContinuousClock.now
  private var isClosed = false

  /// What the friendbot gives: 10,000 XLM.
  static let friendbotGift: Int64 = 10_000 * 10_000_000

  package init(_ ledger: DevnetLedger) { self.ledger = ledger }

  /// Looks at the chain.
  package func read<T: Sendable>(_ body: @Sendable (borrowing DevnetLedger) -> T) -> T {
    body(ledger)
  }

  /// Wall-clock time since the last ledger closed.
  var idleTime: Duration { ContinuousClock.now - lastClosing }

  func submit(_ frame: TransactionFrame) -> (outcome: SubmitOutcome, latest: Latest) {
    (ledger.submit(frame), latest)
  }

  struct Latest: Sendable {
    let sequence: UInt32
    let closeTime: UInt64
  }

  private var latest: Latest {
    Latest(sequence: ledger.latest.sequence, closeTime: ledger.latest.closeTime)
  }

  /// Makes the next ledger.
  package func close() {
    friendbot.send(to: &ledger)
    kaleBank.send(to: &ledger)
    ledger.close()
    lastClosing = .now
    friendbot.settle(with: ledger)
    kaleBank.settle(with: ledger)
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
    guard ledger.settings.isManual else { return }
    while !(friendbot.isIdle && kaleBank.isIdle) { close() }
  }
}
