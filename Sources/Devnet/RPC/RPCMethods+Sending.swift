import Bytes
import StellarXDR

extension RPCMethods {
  func simulateTransaction(_ parameters: RPCParameters) async throws(RPCFailure) -> JSON {
    let transaction = try parameters.envelope().inner
    let mode = try authorization(parameters)
    let leeway = try instructionLeeway(parameters)
    let (simulation, latest) = await node.readEntries(for: "simulateTransaction") {
      ledger, latest, _ in
      (ledger.simulate(transaction, authorization: mode, instructionLeeway: leeway), latest)
    }
    var members: [JSON.Member] = [.init(name: "latestLedger", value: .number(latest))]
    let events = simulation.events.map { JSON.string($0.base64) }
    if !events.isEmpty { members.append(.init(name: "events", value: .array(events))) }
    switch simulation.outcome {
    case .failure(let why): members.append(.init(name: "error", value: .string(why)))
    case .success(let success):
      members += [
        .init(name: "transactionData", value: .string(success.data.base64)),
        .init(name: "minResourceFee", value: .text(success.data.resourceFee)),
        .init(
          name: "results",
          value: .array([
            .object([
              "auth": .array(success.auth.map { .string($0.base64) }),
              "xdr": .string(success.value.base64),
            ])
          ])),
        .init(name: "stateChanges", value: .array(success.changes.map(Self.json))),
      ]
    }
    return .object(members)
  }

  private func authorization(_ parameters: RPCParameters) throws(RPCFailure)
    -> SimulatedAuthorization?
  {
    let wantsUpgraded = try parameters.flag("useUpgradedAuth") ?? false
    switch parameters["authMode"] {
    case nil, .string(""):
      return wantsUpgraded ? .record(allowsNonRoot: false, wantsUpgraded: true) : nil
    case .string("enforce"): return .enforce
    case .string("record"):
      return .record(allowsNonRoot: false, wantsUpgraded: wantsUpgraded)
    case .string("record_allow_nonroot"):
      return .record(allowsNonRoot: true, wantsUpgraded: wantsUpgraded)
    default:
      throw .invalidParams("authMode is enforce, record or record_allow_nonroot")
    }
  }

  private func instructionLeeway(_ parameters: RPCParameters) throws(RPCFailure) -> Int64 {
    guard let value = parameters["resourceConfig"]?["instructionLeeway"], value != .null else {
      return 0
    }
    guard let leeway = value.asInt, (0...Int64(UInt32.max)).contains(leeway) else {
      throw .invalidParams("instructionLeeway must be a number of instructions")
    }
    return leeway
  }

  private static func json(_ change: Simulation.Change) -> JSON {
    let type = change.before == nil ? "created" : change.after == nil ? "deleted" : "updated"
    return .object([
      "type": .string(type), "key": .string(change.key.base64),
      "before": change.before.map { .string($0.base64) } ?? .null,
      "after": change.after.map { .string($0.base64) } ?? .null,
    ])
  }

  func sendTransaction(_ parameters: RPCParameters) async throws(RPCFailure) -> JSON {
    let envelope = try parameters.envelope()
    let frame = TransactionFrame(envelope, networkID: network.networkID)
    let (outcome, latest) = await node.submit(frame)
    var members: [JSON.Member] = []
    switch outcome {
    case .pending: members.append(.init(name: "status", value: .string("PENDING")))
    case .duplicate: members.append(.init(name: "status", value: .string("DUPLICATE")))
    case .tryAgainLater: members.append(.init(name: "status", value: .string("TRY_AGAIN_LATER")))
    case .error(let result):
      members.append(.init(name: "status", value: .string("ERROR")))
      members.append(.init(name: "errorResultXdr", value: .string(result.base64)))
    }
    return .object(
      members + [
        .init(name: "hash", value: .string("\(frame.hash)")),
        .init(name: "latestLedger", value: .number(latest.sequence)),
        .init(name: "latestLedgerCloseTime", value: .text(latest.closeTime)),
      ])
  }
}
