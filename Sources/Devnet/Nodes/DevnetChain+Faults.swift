import StellarXDR

/// What a node sees and says, with the faults that are switched on.
extension DevnetChain {
  struct Latest: Sendable {
    let sequence: UInt32
    let closeTime: UInt64

    init(_ ledger: borrowing DevnetLedger) {
      sequence = ledger.latest.sequence
      closeTime = ledger.latest.closeTime
    }
  }

  /// What spoils a request as a whole.
  struct EdgeStrikes: Sendable {
    let latency: FaultBook.Strike?
    let reset: FaultBook.Strike?
    let httpError: FaultBook.Strike?
    let garbage: FaultBook.Strike?
  }

  /// Switches a fault on and gives its number.
  package func switchOn(_ rule: FaultRule) throws(DevnetError) -> Int {
    let nodes = ledger.settings.nodes.count
    try rule.check(nodes: nodes)
    guard faults.active.count < FaultBook.activeMax else {
      throw DevnetError(.invalidSetting, "\(FaultBook.activeMax) faults are on: switch some off")
    }
    var trial = faults
    let id = trial.switchOn(rule, at: ledger.latest.sequence)
    guard rule.ledgers != nil || (1...nodes).contains(where: { !trial.refuses($0) }) else {
      throw DevnetError(
        .invalidSetting,
        "no node would listen any more: say for how many ledgers, or leave a node out")
    }
    faults = trial
    settleDoors()
    return id
  }

  /// Switches off the faults with this number, kind and node, nil being any; gives how many.
  package func switchOff(id: Int? = nil, kind: FaultKind? = nil, node: Int? = nil) -> Int {
    let count = faults.switchOff { fault in
      (id ?? fault.id) == fault.id && (kind ?? fault.rule.kind) == fault.rule.kind
        && (node == nil || node == fault.rule.node)
    }
    settleDoors()
    return count
  }

  func settleDoors() {
    let nodes = 1...ledger.settings.nodes.count
    doors.set(shut: Set(nodes.filter(faults.refuses)))
  }

  func strikeEdge(node: Int, methods: [String]) -> EdgeStrikes {
    EdgeStrikes(
      latency: faults.strike(.latency, node: node, methods: methods),
      reset: faults.strike(.reset, node: node, methods: methods),
      httpError: faults.strike(.httpError, node: node, methods: methods),
      garbage: faults.strike(.garbage, node: node, methods: methods))
  }

  /// Looks at the chain as a node sees it.
  func read<T: Sendable>(
    by node: DevnetNode, for method: String, _ body: @Sendable (borrowing DevnetLedger) -> T
  ) -> T { body(view(of: node, for: method)) }

  /// Looks at entries, which may be older than the node says, as it then calls the latest ledger.
  func readEntries<T: Sendable>(
    by node: DevnetNode, for method: String,
    _ body: @Sendable (borrowing DevnetLedger, _ latest: UInt32, _ falseIndex: Int64?) -> T
  ) -> T {
    let view = view(of: node, for: method)
    let latest = view.latest.sequence
    let falseIndex = faults.strike(.falseIndex, node: node.number, methods: [method])?.value
    guard let stale = faults.strike(.staleEntries, node: node.number, methods: [method]) else {
      return body(view, latest, falseIndex)
    }
    return body(view.view(of: latest - min(latest, UInt32(stale.value))), latest, falseIndex)
  }

  private func view(of node: DevnetNode, for method: String) -> DevnetLedger {
    var sequence = ledger.latest.sequence
    sequence -= min(sequence, node.lagLedgers)
    if let lag = faults.strike(.lag, node: node.number, methods: [method]) {
      sequence -= min(sequence, UInt32(lag.value))
    }
    if let stuck = faults.strike(.stuck, node: node.number, methods: [method]) {
      sequence = min(sequence, stuck.since)
    }
    return ledger.view(of: sequence)
  }

  /// Sends a transaction through a node.
  func submit(_ frame: TransactionFrame, by node: DevnetNode) -> (
    outcome: SubmitOutcome, latest: Latest
  ) {
    let view = view(of: node, for: Self.sending)
    return (outcome(of: frame, by: node, view), Latest(view))
  }

  private static let sending = "sendTransaction"

  private func outcome(
    of frame: TransactionFrame, by node: DevnetNode, _ view: DevnetLedger
  ) -> SubmitOutcome {
    func strike(_ kind: FaultKind) -> FaultBook.Strike? {
      faults.strike(kind, node: node.number, methods: [Self.sending])
    }
    func refused(_ strike: FaultBook.Strike, _ outcome: SubmitOutcome) -> SubmitOutcome {
      if strike.rule.isAfter { _ = ledger.submit(frame) }
      return outcome
    }
    if delayed.contains(where: { $0.frame.hash == frame.hash }) { return .duplicate }
    if let fault = strike(.tryAgainLater) { return refused(fault, .tryAgainLater) }
    if let fault = strike(.badSequence) {
      return refused(
        fault, .error(TransactionResult(feeCharged: 0, outcome: .refused(.badSequence))))
    }
    if let fault = strike(.queueFull) {
      return refused(
        fault, .error(.feeTooLow(needed: fault.value * frame.paidOperations, frame)))
    }
    let outcome = view.outcome(of: frame)
    guard outcome == .pending else { return outcome }
    if strike(.lost) != nil { return .pending }
    if let fault = strike(.late) {
      delayed.append((frame, ledger.latest.sequence + UInt32(fault.value)))
      return .pending
    }
    // What a node that is behind takes for good may be refused by those it tells.
    _ = ledger.submit(frame)
    return strike(.duplicate) == nil ? .pending : .duplicate
  }

  /// The transactions on their way that arrive before the next ledger.
  func arrivals() -> [TransactionFrame] {
    let sequence = ledger.latest.sequence
    let arrived = delayed.filter { $0.arrival <= sequence }
    delayed.removeAll { $0.arrival <= sequence }
    return arrived.map(\.frame)
  }
}

extension FaultBook {
  /// What the next ledger's transactions must offer per operation at least; 0 is anything.
  mutating func strikeFeeFloor() -> Int64 { strike(.feeSpike)?.value ?? 0 }

  /// The ledger that the node longest stuck stands at.
  var pinned: UInt32? { active.filter { $0.rule.kind == .stuck }.map(\.since).min() }
}
