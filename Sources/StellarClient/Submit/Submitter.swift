package import Logging
package import StellarXDR

/// Puts transactions on chain exactly once.
///
/// A draft gets the wallet's next sequence number and a time limit by the ledger's clock, is
/// simulated (Soroban), priced and signed, and stored as an intent before it is sent. From then on
/// only the same transaction is sent, as it is or inside a fee bump that offers more for it, until
/// the network says what became of it: included, or past the time limit and in no ledger. A fee
/// bump needs no intent of its own: the network knows it by the hash of what is inside as well, and
/// says who paid. Nothing is ever made anew here; that is the caller's decision, after
/// `neverIncluded`. Source: stellar.md §4, steps 1-7.
///
/// Wallets run in parallel, each in its own lane. The follower must be running.
package final class Submitter: Sendable {
  package let network: KaleNetwork
  let rpc: RPCClient
  let follower: LedgerFollower
  let signer: any TransactionSigner
  let journal: any IntentJournal
  let settings: SubmitterSettings
  let logger: Logger
  let lanes = WalletLanes()
  package let landings = LandingStatistics()
  package let fees: FeeGauge
  /// Told of every contract call as its simulation made it.
  let onSimulated: (@Sendable (Transaction) -> Void)?

  package init(
    network: KaleNetwork, rpc: RPCClient, follower: LedgerFollower,
    signer: any TransactionSigner, journal: any IntentJournal,
    settings: SubmitterSettings = SubmitterSettings(),
    onSimulated: (@Sendable (Transaction) -> Void)? = nil,
    logger: Logger = Logger(label: "stellar.submit")
  ) {
    self.network = network
    self.rpc = rpc
    self.follower = follower
    self.signer = signer
    self.journal = journal
    self.settings = settings
    self.onSimulated = onSimulated
    self.logger = logger
    fees = FeeGauge(rpc, settings)
  }

  /// Waits for the wallet's lane, then sees the draft through.
  package func submit(
    _ draft: TransactionDraft
  ) async throws(SubmitError) -> TransactionOutcome {
    var sequence = try await enter(draft.source)
    let offer: Offer
    do throws(SubmitError) {
      if sequence == nil { sequence = try await readSequence(draft.source) }
      offer = try await prepare(draft, after: sequence!)  // read just before
    } catch {
      lanes.leave(draft.source, sequence: sequence)
      throw error
    }
    return try await finish(offer.intent, isOwn: true) { () throws(SubmitError) in
      try await send(offer)
    }
  }

  /// Finds out what became of an intent of an earlier run, by its hash alone. The wallet's lane is
  /// taken meanwhile, so that nothing new is made for it.
  package func resolve(
    _ intent: TransactionIntent
  ) async throws(SubmitError) -> TransactionOutcome {
    _ = try await enter(intent.source, resolving: intent)
    return try await finish(intent, isOwn: false) { () throws(SubmitError) in
      try await lookUp(intent)
    }
  }

  /// What became of an intent is known from elsewhere: its wallet may go on.
  package func giveUp(_ intent: TransactionIntent) { lanes.unblock(intent) }

  private func enter(
    _ wallet: AccountID, resolving intent: TransactionIntent? = nil
  ) async throws(SubmitError) -> Int64? {
    switch await lanes.enter(wallet, resolving: intent) {
    case .entered(let sequence): return sequence
    case .full:
      throw SubmitError(.laneFull, "too many transactions wait for \(StrKey.account(wallet))")
    case .blocked(let blocker):
      throw SubmitError(
        .laneBlocked(by: blocker),
        "transaction \(blocker.hash) of \(StrKey.account(wallet)) has to be resolved first")
    case .cancelled:
      throw SubmitError(
        .networkUnavailable(RPCError(.cancelled, "cancelled")), "cancelled before anything was sent"
      )
    }
  }

  /// Runs the part in which the bytes may be out, and gives the lane back by what came of it.
  private func finish(
    _ intent: TransactionIntent, isOwn: Bool,
    _ body: () async throws(SubmitError) -> TransactionOutcome
  ) async throws(SubmitError) -> TransactionOutcome {
    do throws(SubmitError) {
      let outcome = try await body()
      // After an intent of an earlier run the wallet may be further on: its number is read anew.
      let isUsed = isOwn && outcome.inclusion != nil
      lanes.leave(intent.source, sequence: isUsed ? intent.sequence : nil)
      return outcome
    } catch {
      lanes.leave(intent.source, sequence: nil, blocker: intent)
      throw error
    }
  }
}
