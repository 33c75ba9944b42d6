import Bytes

/// Faults on command, as `deploy/devnet.md` describes them.
extension RPCMethods {
  /// `{kind, node?, methods?, probability?, value?, after?, form?, times?, ledgers?, seed?}`.
  func switchOnFault(_ parameters: RPCParameters) async throws(RPCFailure) -> JSON {
    var rule = FaultRule(
      try kind(parameters.string("kind")), node: try parameters.int("node").map(Int.init),
      value: try parameters.int("value"))
    for method in parameters["methods"]?.asArray ?? [] {
      guard let name = method.asString else { throw .invalidParams("methods are names") }
      rule.methods.insert(name)
    }
    if let probability = parameters["probability"] {
      guard let number = probability.asNumber else {
        throw .invalidParams("probability must be a number")
      }
      rule.probability = number
    }
    rule.isAfter = try parameters.flag("after") ?? false
    if let form = parameters["form"] {
      guard let known = form.asString.flatMap(Garbage.Form.init(rawValue:)) else {
        let forms = Garbage.Form.allCases.map(\.rawValue).joined(separator: ", ")
        throw .invalidParams("form must be one of \(forms)")
      }
      rule.form = known
    }
    rule.times = try parameters.int("times").map(Int.init)
    rule.ledgers = try parameters.ledger("ledgers")
    rule.seed = try parameters.int("seed").map { UInt64(bitPattern: $0) }
    do throws(DevnetError) {
      return .object(["id": .int(Int64(try await node.chain.switchOn(rule)))])
    } catch {
      throw .invalidParams(error.message)
    }
  }

  /// `{id?, kind?, node?}`: switches off what fits all that is said.
  func switchOffFaults(_ parameters: RPCParameters) async throws(RPCFailure) -> JSON {
    let kind: FaultKind? =
      parameters["kind"] == nil ? nil : try self.kind(parameters.string("kind"))
    let count = await node.chain.switchOff(
      id: try parameters.int("id").map(Int.init), kind: kind,
      node: try parameters.int("node").map(Int.init))
    return .object(["switchedOff": .int(Int64(count))])
  }

  /// For `devnet_state`: what is on, and how often each kind struck since the start.
  static func json(_ faults: FaultBook) -> JSON {
    let struck = FaultKind.allCases.map { kind in
      JSON.Member(name: kind.rawValue, value: .int(Int64(faults.struck[kind] ?? 0)))
    }
    let active = faults.active.map { fault -> JSON in
      .object([
        "id": .int(Int64(fault.id)), "kind": .string(fault.rule.kind.rawValue),
        "node": fault.rule.node.map { .int(Int64($0)) } ?? .null,
        "probability": .double(fault.rule.probability), "value": .int(fault.rule.value),
        "since": .number(fault.since), "struck": .int(Int64(fault.struck)),
      ])
    }
    return .object(["struck": .object(struck), "active": .array(active)])
  }

  private func kind(_ name: String) throws(RPCFailure) -> FaultKind {
    guard let kind = FaultKind(rawValue: name) else {
      let kinds = FaultKind.allCases.map(\.rawValue).joined(separator: ", ")
      throw .invalidParams("kind must be one of \(kinds)")
    }
    return kind
  }
}
