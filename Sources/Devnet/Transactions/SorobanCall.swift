import Bytes
import Sodium
import StellarXDR

/// A contract call as a transaction executes it: within what it declared.
struct SorobanCall {
  struct Outcome {
    var result: OperationResult
    var events: [ContractEvent] = []
    var value: SCVal?
    var fees: SorobanFees
    var diagnostics: [DiagnosticEvent]
  }

  let overlay: Overlay
  let world: ContractWorld

  private var rules: NetworkRules { world.rules }

  /// Runs the only operation of `frame` in the newest layer, which the caller drops if it failed.
  func run(_ frame: TransactionFrame) -> Outcome {
    let nonRefundable = rules.nonRefundable(frame)
    guard let data = frame.transaction.sorobanData,
      let operation = frame.transaction.operations.first
    else { return refused(.notSupported, nonRefundable) }
    guard case .invokeHostFunction(.invoke(let call), let auth) = operation.body else {
      return refused(.notSupported, nonRefundable)
    }
    let source = SCAddress.account(operation.source?.accountID ?? frame.source)
    let host = ContractHost(
      world: world, overlay: overlay, footprint: FootprintGuard(data.resources.footprint),
      authorization: AuthorizationBook(auth, source: source))
    var outcome = Outcome(
      result: .tried(.invokeHostFunction, code: 0, .none),
      fees: SorobanFees(nonRefundable: nonRefundable, refundable: 0, rent: 0), diagnostics: [])
    let value: SCVal
    do {
      value = try host.call(call.contract, call.function, call.arguments)
    } catch {
      outcome.result = .tried(.invokeHostFunction, code: -2, .none)
      outcome.diagnostics = host.log
      return outcome
    }
    outcome.diagnostics = host.log
    let changes = overlay.pending()
    let writeBytes = changes.reduce(0) { $0 + ($1.after?.byteCount ?? 0) }
    if host.instructions > Int64(data.resources.instructions)
      || writeBytes > Int(data.resources.writeBytes)
      || NetworkRules.eventBytes(host.events, value) > Int(rules.txEventBytesMax)
    {
      outcome.result = .tried(.invokeHostFunction, code: -3, .none)
      return outcome
    }
    let rent = rules.rent(changes, in: world.sequence)
    let refundable = rent + rules.events(host.events, value)
    guard refundable <= data.resourceFee - nonRefundable else {
      outcome.result = .tried(.invokeHostFunction, code: -5, .none)
      return outcome
    }
    outcome.value = value
    outcome.events = host.events
    outcome.fees = SorobanFees(
      nonRefundable: nonRefundable, refundable: refundable, rent: rent)
    outcome.result = .tried(
      .invokeHostFunction, code: 0, .invoked(hash: Self.hash(value, host.events)))
    return outcome
  }

  /// What the operation's result proves: SHA-256 of return value and events.
  private static func hash(_ value: SCVal, _ events: [ContractEvent]) -> Bytes32 {
    var writer = XDRWriter()
    writer.value(value)
    writer.list(events)
    return sha256(writer.bytes)
  }

  private func refused(_ why: OperationResult.Refusal, _ nonRefundable: Int64) -> Outcome {
    Outcome(
      result: .refused(why),
      fees: SorobanFees(nonRefundable: nonRefundable, refundable: 0, rent: 0), diagnostics: [])
  }
}
