import Bytes
import StellarXDR

extension RPCMethods {
  /// Whatever is wrong with the input is told in `error`, as stellar-rpc does.
  func simulateTransaction(_ parameters: RPCParameters) async throws(RPCFailure) -> JSON {
    func refused(_ why: String) -> JSON {
      .object(["error": .string(why), "latestLedger": .int(0)])
    }
    guard let envelope = try? parameters.envelope() else {
      return refused("Could not unmarshal transaction")
    }
    let text = parameters["authMode"]?.asString ?? ""
    let mode = SimulatedAuthorization(rawValue: text)
    guard mode != nil || text.isEmpty else {
      return refused(
        "optional 'authMode' must be one of enforce,record,record_allow_nonroot when included")
    }
    let leeway = try instructionLeeway(parameters)
    let wantsUpgraded = try parameters.flag("useUpgradedAuth") ?? false
    let (simulation, latest) = await node.readEntries(for: "simulateTransaction") {
      ledger, latest, _ in
      let simulation = ledger.simulate(
        envelope.inner, authorization: mode, wantsUpgradedAuth: wantsUpgraded,
        instructionLeeway: leeway)
      return (simulation, latest)
    }
    var members: [JSON.Member] = [.init(name: "latestLedger", value: .number(latest))]
    let format = parameters.format
    if !simulation.events.isEmpty {
      members.append(
        try format.list(
          base64: "events", json: "eventsJson", simulation.events.map(\.xdr),
          as: "DiagnosticEvent"))
    }
    switch simulation.outcome {
    case .failure(let why): members.append(.init(name: "error", value: .string(why)))
    case .success(let success): members += try Self.members(success, format)
    }
    return .object(members)
  }

  private static func members(_ success: Simulation.Success, _ format: XDRFormat)
    throws(RPCFailure) -> [JSON.Member]
  {
    var members: [JSON.Member] = [
      try format.member(
        base64: "transactionData", json: "transactionDataJson", success.data.xdr,
        as: "SorobanTransactionData"),
      .init(name: "minResourceFee", value: .text(success.data.resourceFee)),
    ]
    if let value = success.value {
      let result: JSON = .object([
        try format.list(
          base64: "auth", json: "authJson", success.auth.map(\.xdr),
          as: "SorobanAuthorizationEntry"),
        try format.member(base64: "xdr", json: "returnValueJson", value.xdr, as: "SCVal"),
      ])
      members.append(.init(name: "results", value: .array([result])))
    }
    var changes: [JSON] = []
    for change in success.changes { changes.append(try json(change, format)) }
    members.append(.init(name: "stateChanges", value: .array(changes)))
    return members
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

  private static func json(_ change: Simulation.Change, _ format: XDRFormat)
    throws(RPCFailure) -> JSON
  {
    let type = change.before == nil ? "created" : change.after == nil ? "deleted" : "updated"
    var members: [JSON.Member] = [
      .init(name: "type", value: .string(type)),
      try format.member(base64: "key", json: "keyJson", change.key.xdr, as: "LedgerKey"),
    ]
    for (name, entry) in [("before", change.before), ("after", change.after)] {
      let place = format == .json ? name + "Json" : name
      let value = try entry.map { (entry) throws(RPCFailure) in
        try format.value(entry.xdr, as: "LedgerEntry")
      }
      members.append(.init(name: place, value: value ?? .null))
    }
    return .object(members)
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
      members.append(
        try parameters.format.member("errorResult", result.xdr, as: "TransactionResult"))
    }
    return .object(
      members + [
        .init(name: "hash", value: .string("\(frame.hash)")),
        .init(name: "latestLedger", value: .number(latest.sequence)),
        .init(name: "latestLedgerCloseTime", value: .text(latest.closeTime)),
      ])
  }
}
