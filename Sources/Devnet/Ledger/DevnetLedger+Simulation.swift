import Bytes
package import StellarXDR

extension DevnetLedger {
  /// The margins that the RPC adds, so that the transaction still fits when it executes. Source:
  /// stellar.md §3.
  private enum Margin {
    static func instructions(_ used: Int64) -> Int64 { max(used + 50_000, used * 104 / 100) }
    static func transactionBytes(_ bytes: Int) -> Int { max(bytes + 500, bytes * 110 / 100) }
    static func refundable(_ fee: Int64) -> Int64 { (fee * 115 + 99) / 100 }
    /// As many as an envelope can have.
    static let signatureBytes = 20 * 72
  }

  /// Runs a call on a copy of the last closed ledger, at its time. Source account, sequence number
  /// and signatures of the envelope do not matter.
  package func simulate(
    _ transaction: Transaction, authorization: SimulatedAuthorization? = nil,
    instructionLeeway: Int64 = 0
  ) -> Simulation {
    func refused(_ why: String) -> Simulation { Simulation(outcome: .failure(why), events: []) }
    guard transaction.operations.count == 1, let operation = transaction.operations.first else {
      return refused("Transaction contains more than one operation")
    }
    guard case .invokeHostFunction(let function, let auth) = operation.body else {
      return refused("Transaction contains unsupported operation type: \(operation.body.type)")
    }
    guard case .invoke(let call) = function else {
      return refused("the devnet deploys no contracts: only calls of contracts are served")
    }
    guard transaction.memo == .none else { return refused("Soroban transactions carry no memo") }
    let source = SCAddress.account(
      operation.source?.accountID ?? transaction.source.accountID)
    let mode =
      authorization
      ?? (auth.isEmpty ? .record(allowsNonRoot: false, wantsUpgraded: false) : .enforce)
    let overlay = Overlay(state, sequence: latest.sequence)
    overlay.begin()
    let host = ContractHost(
      world: world(sequence: latest.sequence, time: latest.closeTime), overlay: overlay,
      footprint: FootprintGuard(recording: ()),
      authorization: AuthorizationBook(mode, auth, source: source))
    do {
      let value = try host.call(call.contract, call.function, call.arguments)
      return simulated(transaction, value, host, overlay, given: auth, mode, instructionLeeway)
    } catch {
      return Simulation(
        outcome: .failure(EventLog.text(of: error, host.log)), events: host.log)
    }
  }

  private func simulated(
    _ transaction: Transaction, _ value: SCVal, _ host: ContractHost, _ overlay: Overlay,
    given: [SorobanAuthorizationEntry], _ mode: SimulatedAuthorization, _ leeway: Int64
  ) -> Simulation {
    let changes = overlay.pending()
    let footprint = host.footprint.recorded
    let keys = footprint.readOnly + footprint.readWrite
    let diskReadBytes = keys.filter(\.isClassic).reduce(0) { $0 + (entry($1)?.byteCount ?? 0) }
    let resources = SorobanResources(
      footprint: footprint,
      instructions: UInt32(
        clamping: max(Margin.instructions(host.instructions), host.instructions + leeway)),
      diskReadBytes: UInt32(diskReadBytes),
      writeBytes: UInt32(changes.reduce(0) { $0 + ($1.after?.byteCount ?? 0) }))
    var auth = given
    if case .record = mode {
      auth = host.authorization.recorded(nonce: host.simulatedNonce)
    }
    var whole = transaction
    if case .invokeHostFunction(let function, _) = whole.operations[0].body {
      whole.operations[0].body = .invokeHostFunction(function, auth: auth)
    }
    var data = SorobanTransactionData(resources: resources, resourceFee: 0)
    whole.sorobanData = data
    let bytes = TransactionEnvelope.transaction(whole, signatures: []).xdr.count
    let nonRefundable = rules.nonRefundable(
      data,
      transactionBytes: Margin.transactionBytes(bytes + Margin.signatureBytes))
    let refundable =
      rules.rent(changes, in: host.world.sequence) + rules.events(host.events, value)
    data.resourceFee = nonRefundable + Margin.refundable(refundable)
    let success = Simulation.Success(
      data: data, auth: auth, value: value,
      changes: changes.map {
        Simulation.Change(key: $0.key, before: $0.before?.entry, after: $0.after?.entry)
      })
    let emitted = host.events.map { DiagnosticEvent(inSuccessfulContractCall: true, event: $0) }
    return Simulation(outcome: .success(success), events: host.log + emitted)
  }
}

extension AuthorizationBook {
  init(
    _ mode: SimulatedAuthorization, _ entries: [SorobanAuthorizationEntry], source: SCAddress
  ) {
    switch mode {
    case .enforce: self.init(entries, source: source)
    case .record(let allowsNonRoot, let wantsUpgraded):
      self.init(recording: source, allowsNonRoot: allowsNonRoot, wantsUpgraded: wantsUpgraded)
    }
  }
}
