import Bytes
package import KaleRules
import Sodium
package import StellarXDR

/// The devnet's chain without any I/O: what is sent waits in a queue, and each closing makes a
/// ledger of it. The same calls in the same order give the same chain.
package struct DevnetLedger: Sendable {
  package let settings: DevnetSettings
  package let network: KaleNetwork
  package internal(set) var state: LedgerState
  package internal(set) var history: LedgerHistory
  var queue = TransactionQueue()
  var undo = StateUndo()
  /// Stroops per operation below which nothing is included, as if ledgers were full of better offers.
  var feeFloor: Int64 = 0
  /// Transactions that a floor kept out of ledgers, since genesis.
  private(set) var keptOut = 0
  /// Entries that the next ledger begins with, by order of an operator; nil removes.
  var ordered: [LedgerKey: StoredEntry?] = [:]
  /// A ledger that must stay visible, see ``view(of:)``.
  var pinned: UInt32?
  var outside: OutsideFarmers
  var feePool: Int64 = 0
  /// Since genesis.
  package internal(set) var transactionsApplied = 0
  package internal(set) var transactionsFailed = 0
  var rules: NetworkRules

  /// The protocol whose rules and formats are served.
  package static let protocolVersion: UInt32 = 27

  /// A chain with its first ledger closed at `time`, Unix seconds.
  package init(_ settings: DevnetSettings, network: KaleNetwork = .devnet, time: UInt64) {
    self.settings = settings
    self.network = network
    rules = settings.rules
    history = LedgerHistory(retention: settings.retentionLedgers)
    outside = OutsideFarmers(settings)
    state = Genesis(
      network: network, rules: settings.rules, sequence: settings.genesisLedger, time: time
    ).state()
    append([], set: transactionSet(nil), sequence: settings.genesisLedger, time: time, nil)
  }

  package var latest: ClosedLedger {
    guard let latest = history.latest else { preconditionFailure("genesis is a ledger") }
    return latest
  }

  /// An entry as of the last closed ledger.
  package func entry(_ key: LedgerKey) -> StoredEntry? { state.live(key, in: latest.sequence) }

  /// A persistent entry that has to be restored before it can be used; it lives until ledger 0.
  package func archived(_ key: LedgerKey) -> StoredEntry? {
    var stored = state.archived(key, in: latest.sequence)
    stored?.liveUntil = 0
    return stored
  }

  package func account(_ id: AccountID) -> AccountEntry? { entry(.account(id))?.account }

  /// The farm's instance storage.
  package var farm: FarmInstance? {
    entry(.instance(of: network.farmContract))?.contractValue?.asInstance
      .flatMap(FarmStorage.instance)
  }

  /// Where calls run: in the ledger `sequence`, closed at `time`.
  func world(sequence: UInt32, time: UInt64) -> ContractWorld {
    ContractWorld(
      network: network, sequence: sequence, time: time,
      farm: FarmContract(blockSeconds: settings.blockSeconds),
      rules: rules)
  }

  /// Makes the next ledger of what waits, so many seconds later than it would come.
  @discardableResult package mutating func close(skipping seconds: UInt64 = 0) -> ClosedLedger {
    let sequence = latest.sequence + 1
    let time = latest.closeTime + settings.ledgerSeconds + seconds
    let made = make(sequence: sequence, time: time)
    for frame in made.dropped { queue.ban(frame, after: sequence) }
    for transaction in made.applied { queue.remove(source: transaction.frame.source) }
    queue.age(after: sequence)
    let replaced = state.commit(made.changes)
    let evicted = state.evict(before: sequence)
    undo.add(replaced.merging(evicted) { first, _ in first }, by: sequence, pinned: pinned)
    keptOut += made.keptOut
    for (key, entry) in ordered {
      if case .configSetting = key, case .configSetting(let setting)? = entry?.data {
        rules.take(setting)
      }
    }
    ordered = [:]
    outside = made.outside
    feePool += made.feesCollected
    append(made.applied, set: made.set, sequence: sequence, time: time, made.selection)
    return latest
  }

  private struct Made {
    var applied: [AppliedTransaction]
    var dropped: [TransactionFrame]
    var changes: [LedgerKey: StoredEntry?]
    var outside: OutsideFarmers
    var selection: TransactionSelection
    var set: GeneralizedTransactionSet
    var feesCollected: Int64
    var keptOut: Int
  }

  /// The chain as it was seen when `sequence` was the last closed ledger, or the earliest after it
  /// that can still be seen. For looking only: it takes no transactions and closes no ledgers.
  func view(of sequence: UInt32) -> DevnetLedger {
    let newest = latest.sequence
    let earliest = max(undo.earliest(newest), history.oldest?.sequence ?? newest)
    let sequence = max(sequence, earliest)
    guard sequence < newest else { return self }
    var view = self
    view.history = history.limited(to: sequence)
    view.state = state.rewound(by: undo.layers(since: sequence))
    return view
  }

  /// Everything of the next ledger; this one's state stays untouched.
  private func make(sequence: UInt32, time: UInt64) -> Made {
    let overlay = Overlay(state, sequence: sequence)
    let world = world(sequence: sequence, time: time)
    for (key, entry) in ordered.sorted(by: { $0.key.xdr.lexicographicallyPrecedes($1.key.xdr) }) {
      overlay.write(entry, at: key)
    }
    let (valid, dropped) = sift(overlay, time: time)
    let offered = valid.filter { $0.feeRate >= feeFloor }
    let selection = TransactionSelection(
      offered, rules: rules, floor: feeFloor, salt: latest.hash)
    let application = LedgerApplication(
      overlay: overlay, world: world, classicRate: selection.classicRate,
      sorobanRate: selection.sorobanRate, recordsDiagnostics: settings.recordsDiagnostics)
    let frames = selection.classic + selection.soroban
    for frame in frames { application.charge(frame) }
    var outside = outside
    outside.act(on: overlay, world: world)
    var applied = frames.map(application.apply)
    for at in applied.indices { application.refund(&applied[at]) }
    return Made(
      applied: applied, dropped: dropped, changes: overlay.all(), outside: outside,
      selection: selection, set: transactionSet(selection),
      feesCollected: application.feesCollected, keptOut: valid.count - offered.count)
  }

  /// What of the queue may still be included, in a fixed order, and what never can.
  private func sift(_ overlay: Overlay, time: UInt64) -> (
    valid: [TransactionFrame], dropped: [TransactionFrame]
  ) {
    let check = TransactionCheck(overlay: overlay, rules: rules, times: time...time)
    var valid: [TransactionFrame] = []
    var dropped: [TransactionFrame] = []
    var promised: [AccountID: Int128] = [:]
    for frame in queue.frames.sorted(by: { $0.hash < $1.hash }) {
      let total = promised[frame.feeSource, default: 0] + Int128(frame.fee)
      let available = overlay[.account(frame.feeSource)]?.account?.available ?? 0
      if total <= Int128(available), check.refusal(of: frame) == nil {
        promised[frame.feeSource] = total
        valid.append(frame)
      } else {
        dropped.append(frame)
      }
    }
    return (valid, dropped)
  }

  private func transactionSet(_ selection: TransactionSelection?) -> GeneralizedTransactionSet {
    func envelopes(_ frames: [TransactionFrame]?) -> [TransactionEnvelope] {
      (frames ?? []).sorted { $0.hash < $1.hash }.map(\.envelope)
    }
    let classic = envelopes(selection?.classic)
    let soroban = envelopes(selection?.soroban)
    return GeneralizedTransactionSet(
      previousLedgerHash: history.latest?.hash ?? .zero,
      phases: [
        .sequential(
          classic.isEmpty
            ? [] : [.init(baseFee: selection?.classicRate, transactions: classic)]),
        .parallel(
          baseFee: soroban.isEmpty ? nil : selection?.sorobanRate,
          stages: soroban.isEmpty ? [] : [[soroban]]),
      ])
  }

  private mutating func append(
    _ applied: [AppliedTransaction], set: GeneralizedTransactionSet, sequence: UInt32,
    time: UInt64, _ selection: TransactionSelection?
  ) {
    let transactions = applied.enumerated().map {
      ClosedTransaction($1, order: $0 + 1, metaVersion: settings.metaVersion)
    }
    transactionsApplied += transactions.count
    transactionsFailed += transactions.count { !$0.isSuccess }
    let setBytes = set.xdr
    let header = LedgerHeader(
      version: Self.protocolVersion, previousHash: history.latest?.hash ?? .zero,
      value: StellarValue(transactionSetHash: sha256(setBytes), closeTime: time),
      transactionSetResultHash: resultHash(transactions), bucketListHash: .zero,
      sequence: sequence, totalCoins: Genesis.totalCoins, feePool: feePool,
      baseFee: UInt32(TransactionCheck.baseFee), baseReserve: UInt32(AccountEntry.baseReserve),
      transactionSetSizeMax: rules.classicOperationsMax)
    history.append(
      ClosedLedger(
        sequence: sequence, closeTime: time, hash: header.hash, header: header.xdr,
        transactionSet: setBytes, transactions: transactions, events: events(applied),
        sorobanFees: selection?.soroban.map { min($0.feeRate, selection?.sorobanRate ?? 0) } ?? [],
        classicFees: selection?.classic.map { min($0.feeRate, selection?.classicRate ?? 0) } ?? []))
  }

  /// SHA-256 of the list of hashes with results.
  private func resultHash(_ transactions: [ClosedTransaction]) -> Bytes32 {
    var writer = XDRWriter()
    writer.u32(UInt32(transactions.count))
    for transaction in transactions {
      writer.bytes32(transaction.hash)
      writer.fixed(transaction.result)
    }
    return sha256(writer.bytes)
  }

  private func events(_ applied: [AppliedTransaction]) -> [LedgerEvent] {
    applied.enumerated().flatMap { order, transaction in
      transaction.meta.operations.enumerated().flatMap { operation, meta in
        meta.events.enumerated().map { index, event in
          LedgerEvent(
            event: event, transaction: transaction.frame.hash, transactionOrder: order + 1,
            operation: operation, index: index)
        }
      }
    }
  }

  /// Puts a transaction into the queue, if it may be; see ``SubmitOutcome``.
  package mutating func submit(_ frame: TransactionFrame) -> SubmitOutcome {
    let outcome = outcome(of: frame)
    let sequence = latest.sequence
    switch (outcome, queue.admission(of: frame, rules: rules)) {
    case (.pending, .room(let evicting)):
      for lower in evicting { queue.evict(lower, after: sequence) }
      queue.add(frame)
    case (.error(let result), .underbid) where result.code == .insufficientFee:
      // What found no room is refused for a while, as what was dropped.
      if queue.waiting(for: frame.source) == nil { queue.ban(frame, after: sequence) }
    default: break
    }
    return outcome
  }

  /// What sending a transaction would give.
  func outcome(of frame: TransactionFrame) -> SubmitOutcome {
    let sequence = latest.sequence + 1
    // Before anything is reckoned with them.
    guard frame.fee >= 0, frame.resourceFee >= 0 else {
      return .error(TransactionResult(feeCharged: 0, outcome: .refused(.malformed)))
    }
    if queue.contains(frame.hash) { return .duplicate }
    if queue.isBanned(frame.hash, in: sequence) { return .tryAgainLater }
    let waiting = queue.waiting(for: frame.source)
    if let waiting, let outcome = conflict(frame, with: waiting) { return outcome }
    let overlay = Overlay(state, sequence: sequence)
    let soon = latest.closeTime
    let check = TransactionCheck(
      overlay: overlay, rules: rules, times: soon...soon + 2 * settings.ledgerSeconds)
    if let refusal = check.refusal(of: frame) { return .error(refusal) }
    var promised = queue.promised(by: frame.feeSource)
    if let waiting, waiting.feeSource == frame.feeSource { promised -= waiting.fee }
    let available = overlay[.account(frame.feeSource)]?.account?.available ?? 0
    guard available - promised >= frame.fee else {
      return .error(TransactionResult(feeCharged: 0, outcome: .refused(.insufficientBalance)))
    }
    if case .underbid(let needed) = queue.admission(of: frame, rules: rules) {
      return .error(.feeTooLow(needed: needed, frame))
    }
    return .pending
  }

  /// Nil: `frame` may replace what waits for its source.
  private func conflict(_ frame: TransactionFrame, with waiting: TransactionFrame)
    -> SubmitOutcome?
  {
    let (mine, theirs) = (frame.transaction.sequence, waiting.transaction.sequence)
    if mine < theirs {
      return .error(TransactionResult(feeCharged: 0, outcome: .refused(.badSequence)))
    }
    guard frame.isFeeBump, mine == theirs else { return .tryAgainLater }
    let needed = Int64(
      clamping: Int128(waiting.feeRate) * Int128(TransactionQueue.replacementFactor)
        * Int128(frame.paidOperations))
    guard frame.inclusionFee >= needed else {
      return .error(.feeTooLow(needed: needed, frame))
    }
    return nil
  }
}

extension TransactionResult {
  /// The fee is told that would do, the resource fee included.
  static func feeTooLow(needed inclusionFee: Int64, _ frame: TransactionFrame) -> TransactionResult
  {
    let (fee, isOver) = inclusionFee.addingReportingOverflow(frame.resourceFee)
    return TransactionResult(
      feeCharged: isOver ? .max : fee, outcome: .refused(.insufficientFee))
  }
}

/// What became of a transaction that was sent.
package enum SubmitOutcome: Hashable, Sendable {
  /// It waits; nothing more is promised.
  case pending
  /// It waits already.
  case duplicate
  /// It does not wait: the same may be sent again later.
  case tryAgainLater
  case error(TransactionResult)
}
