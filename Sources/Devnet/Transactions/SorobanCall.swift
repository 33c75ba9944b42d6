import Bytes
import Sodium
import StellarXDR

/// The one operation of a Soroban transaction, as it executes: within what it declared.
struct SorobanCall {
  struct Outcome {
    var result: OperationResult
    var events: [ContractEvent] = []
    var value: SCVal?
    var fees: SorobanFees
    var diagnostics: [DiagnosticEvent] = []
  }

  /// Codes that the three operations call by different numbers.
  private enum Failure {
    case trapped
    case resources
    case archived
    case refundableFee

    func code(_ type: OperationType) -> Int32 {
      switch (self, type) {
      case (.trapped, _): -2
      case (.resources, .invokeHostFunction): -3
      case (.archived, _): -4
      case (.refundableFee, .invokeHostFunction): -5
      case (.resources, _): -2
      case (.refundableFee, _): -3
      }
    }
  }

  let overlay: Overlay
  let world: ContractWorld

  private var rules: NetworkRules { world.rules }

  /// Runs the only operation of `frame` in the newest layer, which the caller drops if it failed.
  func run(_ frame: TransactionFrame) -> Outcome {
    let nonRefundable = rules.nonRefundable(frame)
    let nothing = SorobanFees(nonRefundable: nonRefundable, refundable: 0, rent: 0)
    guard let data = frame.transaction.sorobanData,
      let operation = frame.transaction.operations.first
    else { return Outcome(result: .refused(.notSupported), fees: nothing) }
    var outcome = Outcome(
      result: .tried(operation.body.type, code: 0, .none), fees: nothing)
    switch operation.body {
    case .invokeHostFunction(.invoke(let call), let auth):
      let source = SCAddress.account(operation.source?.accountID ?? frame.source)
      invoke(call, auth, source: source, data, &outcome)
    case .extendFootprintTTL(let ledgers):
      for key in data.resources.footprint.readOnly {
        overlay.extend(key, until: world.sequence + ledgers)
      }
      settle(data, &outcome)
    case .restoreFootprint:
      for key in data.resources.footprint.readWrite {
        overlay.restore(key, until: rules.restoredUntil(world.sequence))
      }
      settle(data, &outcome)
    default: outcome.result = .refused(.notSupported)
    }
    return outcome
  }

  private func invoke(
    _ call: InvokeContractArgs, _ auth: [SorobanAuthorizationEntry], source: SCAddress,
    _ data: SorobanTransactionData, _ outcome: inout Outcome
  ) {
    let footprint = data.resources.footprint
    for index in data.archivedEntries ?? [] where index < footprint.readWrite.count {
      overlay.restore(
        footprint.readWrite[Int(index)], until: rules.restoredUntil(world.sequence))
    }
    let keys = footprint.readOnly + footprint.readWrite
    guard keys.allSatisfy({ overlay.archived($0) == nil }) else {
      return fail(.archived, &outcome)
    }
    let host = ContractHost(
      world: world, overlay: overlay, footprint: FootprintGuard(footprint),
      authorization: AuthorizationBook(auth, source: source))
    do {
      outcome.value = try host.call(call.contract, call.function, call.arguments)
    } catch {
      outcome.diagnostics = host.log
      return fail(.trapped, &outcome)
    }
    outcome.diagnostics = host.log
    outcome.events = host.events
    guard host.instructions <= Int64(data.resources.instructions) else {
      return fail(.resources, &outcome)
    }
    settle(data, &outcome)
  }

  /// Checks what was written and emitted against what was declared and paid.
  private func settle(_ data: SorobanTransactionData, _ outcome: inout Outcome) {
    let changes = overlay.pending()
    let eventBytes = outcome.value.map { NetworkRules.eventBytes(outcome.events, $0) } ?? 0
    guard Self.writeBytes(changes) <= Int(data.resources.writeBytes),
      eventBytes <= Int(rules.txEventBytesMax)
    else { return fail(.resources, &outcome) }
    let rent = rules.rent(changes, in: world.sequence)
    let refundable = rent + (outcome.value.map { rules.events(outcome.events, $0) } ?? 0)
    guard refundable <= data.resourceFee - outcome.fees.nonRefundable else {
      return fail(.refundableFee, &outcome)
    }
    outcome.fees.refundable = refundable
    outcome.fees.rent = rent
    guard let value = outcome.value else { return }
    outcome.result = .tried(
      .invokeHostFunction, code: 0, .invoked(hash: Self.hash(value, outcome.events)))
  }

  static func writeBytes(_ changes: [Overlay.Change]) -> Int {
    changes.reduce(0) { $0 + ($1.isWritten ? $1.after?.byteCount ?? 0 : 0) }
  }

  private func fail(_ failure: Failure, _ outcome: inout Outcome) {
    guard case .tried(let type, _, _) = outcome.result else { return }
    outcome.result = .tried(type, code: failure.code(type), .none)
    outcome.events = []
    outcome.value = nil
  }

  /// What the operation's result proves: SHA-256 of return value and events.
  private static func hash(_ value: SCVal, _ events: [ContractEvent]) -> Bytes32 {
    var writer = XDRWriter()
    writer.value(value)
    writer.list(events)
    return sha256(writer.bytes)
  }
}
