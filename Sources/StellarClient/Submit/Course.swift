import KaleRules

/// What is known of a transaction while it is out.
struct Course {
  let intent: TransactionIntent
  /// Nil where it is only looked up.
  var offer: Offer?
  /// Whether some node may have it in a queue: then only the ledger can say how it ends.
  var mayBeQueued: Bool
  var isSendDue: Bool
  /// The last ledger that an answer knew.
  var ledger: LedgerSequence
  var sentAt: LedgerSequence
  /// The last ledger known when a node first took it.
  var acceptedAt: LedgerSequence?
  /// More is offered than was sent last.
  var isRaised = false
  /// When more was offered last.
  var bumpedAt: LedgerSequence?
  /// What a full queue wanted, in stroops.
  var neededFee: Int64?
  /// The node that was sent to last: the next one, where there is another.
  var lastNode: Int?

  init(_ offer: Offer) {
    intent = offer.intent
    self.offer = offer
    mayBeQueued = false
    isSendDue = true
    ledger = offer.intent.madeAfter
    sentAt = offer.intent.madeAfter
  }

  init(lookingUp intent: TransactionIntent) {
    self.intent = intent
    mayBeQueued = true
    isSendDue = false
    ledger = intent.madeAfter
    sentAt = intent.madeAfter
  }

  mutating func accepted(_ latest: LedgerSequence?) {
    mayBeQueued = true
    isSendDue = false
    acceptedAt = acceptedAt ?? latest ?? ledger
  }

  /// Whether it waits in a queue for longer than it should: others offer more.
  func isWaitingLong(_ settings: SubmitterSettings) -> Bool {
    guard let acceptedAt else { return false }
    return ledger >= max(acceptedAt, bumpedAt ?? acceptedAt) + settings.bumpAfterLedgers
  }

  mutating func sendAgainIfDue(_ settings: SubmitterSettings) {
    guard offer != nil, ledger >= sentAt + settings.resendAfterLedgers else { return }
    isSendDue = true
  }
}
