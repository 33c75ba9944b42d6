import Bytes
package import StellarXDR

/// Simulations as the RPC makes them: on a copy of the last closed ledger, at its time. Source account,
/// sequence number and signatures of the envelope do not matter.
///
/// Source of limits, margins and texts: stellar.md §3; stellar-rpc methods/simulate_transaction.go.
extension DevnetLedger {
  /// The margins that the RPC adds, so that the transaction still fits when it executes.
  private enum Margin {
    static func instructions(_ used: Int64) -> Int64 { max(used + 50_000, used * 104 / 100) }
    static func transactionBytes(_ bytes: Int) -> Int { max(bytes + 500, bytes * 110 / 100) }
    static func refundable(_ fee: Int64) -> Int64 { (fee * 115 + 99) / 100 }
    /// As many as an envelope can have.
    static let signatureBytes = 20 * 72
  }

  package func simulate(
    _ transaction: Transaction, authorization: SimulatedAuthorization? = nil,
    wantsUpgradedAuth: Bool = false, instructionLeeway: Int64 = 0
  ) -> Simulation {
    guard transaction.operations.count == 1, let operation = transaction.operations.first else {
      return .refused("Transaction contains more than one operation")
    }
    guard transaction.memo == .none else { return .refused("Soroban transactions carry no memo") }
    switch operation.body {
    case .invokeHostFunction(let function, let auth):
      guard case .invoke(let call) = function else {
        return .refused("the devnet deploys no contracts: only calls of contracts are served")
      }
      if !auth.isEmpty, let authorization, authorization != .enforce {
        return .refused("cannot set authMode to '\(authorization.rawValue)' with an auth footprint")
      }
      let source = SCAddress.account(operation.source?.accountID ?? transaction.source.accountID)
      let mode = authorization ?? (auth.isEmpty ? .record : .enforce)
      let book =
        mode == .enforce
        ? AuthorizationBook(auth, source: source)
        : AuthorizationBook(
          recording: source, allowsNonRoot: mode == .recordAllowNonroot,
          wantsUpgraded: wantsUpgradedAuth)
      return simulate(call, of: transaction, book, mode, given: auth, leeway: instructionLeeway)
    case .extendFootprintTTL, .restoreFootprint:
      guard authorization == nil else {
        return .refused("cannot set authMode with non-InvokeHostFunction operations")
      }
      return simulateLife(transaction, operation)
    default:
      return .refused("Transaction contains unsupported operation type: \(operation.body.type)")
    }
  }

  private func simulate(
    _ call: InvokeContractArgs, of transaction: Transaction, _ book: AuthorizationBook,
    _ mode: SimulatedAuthorization, given: [SorobanAuthorizationEntry], leeway: Int64
  ) -> Simulation {
    let overlay = Overlay(state, sequence: latest.sequence)
    overlay.begin()
    let host = ContractHost(
      world: world(sequence: latest.sequence, time: latest.closeTime), overlay: overlay,
      footprint: FootprintGuard(recording: ()), authorization: book)
    let value: SCVal
    do {
      value = try host.call(call.contract, call.function, call.arguments)
    } catch {
      return Simulation(
        outcome: .failure(EventLog.text(of: error, host.log)), events: host.log)
    }
    let changes = overlay.pending()
    let auth =
      mode == .enforce ? given : host.authorization.recorded(nonce: host.simulatedNonce)
    var whole = transaction
    whole.operations[0].body = .invokeHostFunction(.invoke(call), auth: auth)
    let indexes = host.footprint.restoredIndexes
    whole.sorobanData = SorobanTransactionData(
      resources: resources(
        host.footprint.recorded, changes,
        instructions: max(Margin.instructions(host.instructions), host.instructions + leeway)),
      resourceFee: 0, archivedEntries: indexes.isEmpty ? nil : indexes)
    let events = rules.events(host.events, value)
    let emitted = host.events.map { DiagnosticEvent(inSuccessfulContractCall: true, event: $0) }
    return Simulation(
      outcome: .success(
        Simulation.Success(
          data: priced(whole, changes, events: events), auth: auth, value: value,
          changes: Self.told(changes))), events: host.log + emitted)
  }

  /// Extending and restoring: the footprint is given, and only what needs it stays in it.
  private func simulateLife(_ transaction: Transaction, _ operation: Operation) -> Simulation {
    guard let given = transaction.sorobanData?.resources.footprint else {
      return .refused(
        "To perform a SimulateTransaction for ExtendFootprintTtl or RestoreFootprint operations,"
          + " SorobanTransactionData must be provided")
    }
    let overlay = Overlay(state, sequence: latest.sequence)
    overlay.begin()
    let footprint: LedgerFootprint
    if case .extendFootprintTTL(let ledgers) = operation.body {
      guard ledgers < rules.archival.ttlMax else {
        return .refused("extendTo must be below the network's maximum \(rules.archival.ttlMax)")
      }
      for key in given.readOnly { overlay.extend(key, until: latest.sequence + ledgers) }
      footprint = LedgerFootprint(readOnly: overlay.pending().map(\.key), readWrite: [])
    } else {
      for key in given.readWrite {
        overlay.restore(key, until: rules.restoredUntil(latest.sequence))
      }
      footprint = LedgerFootprint(readOnly: [], readWrite: overlay.pending().map(\.key))
    }
    let changes = overlay.pending()
    var whole = transaction
    whole.sorobanData = SorobanTransactionData(
      resources: resources(footprint, changes, instructions: 0), resourceFee: 0)
    return Simulation(
      outcome: .success(
        Simulation.Success(
          data: priced(whole, changes, events: 0), auth: [], value: nil,
          changes: Self.told(changes))), events: [])
  }

  private func resources(
    _ footprint: LedgerFootprint, _ changes: [Overlay.Change], instructions: Int64
  ) -> SorobanResources {
    let keys = footprint.readOnly + footprint.readWrite
    let classic = keys.filter(\.isClassic).reduce(0) { $0 + (entry($1)?.byteCount ?? 0) }
    let restored = changes.reduce(0) { $0 + ($1.archived?.byteCount ?? 0) }
    return SorobanResources(
      footprint: footprint, instructions: UInt32(clamping: instructions),
      diskReadBytes: UInt32(clamping: classic + restored),
      writeBytes: UInt32(clamping: SorobanCall.writeBytes(changes)))
  }

  /// The transaction's data with its fee, the RPC's margins included.
  private func priced(_ transaction: Transaction, _ changes: [Overlay.Change], events: Int64)
    -> SorobanTransactionData
  {
    guard var data = transaction.sorobanData else { preconditionFailure("set by the caller") }
    let bytes = TransactionEnvelope.transaction(transaction, signatures: []).xdr.count
    let nonRefundable = rules.nonRefundable(
      data, transactionBytes: Margin.transactionBytes(bytes + Margin.signatureBytes))
    let refundable = rules.rent(changes, in: latest.sequence) + events
    data.resourceFee = nonRefundable + Margin.refundable(refundable)
    return data
  }

  private static func told(_ changes: [Overlay.Change]) -> [Simulation.Change] {
    changes.filter(\.isWritten).map {
      Simulation.Change(key: $0.key, before: $0.before?.entry, after: $0.after?.entry)
    }
  }
}
