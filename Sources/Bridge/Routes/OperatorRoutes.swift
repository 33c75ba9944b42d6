import Hummingbird

/// What the operator sees and does.
enum OperatorRoutes {
  static let all: [Route] = [
    Route(.get, "/api/v1/operator/agents", .operator) { core, _ in
      .json(Agents(rows: try await core.operators.agents()))
    },
    Route(.post, "/api/v1/operator/agents/{id}/approval", .operator) { core, call in
      try await core.operators.approveAgent(call.parameters["id"] ?? "")
      return .noContent
    },
    Route(.post, "/api/v1/operator/agents/{id}/revocation", .operator) { core, call in
      try await core.operators.revokeAgent(call.parameters["id"] ?? "")
      return .noContent
    },
    Route(.get, "/api/v1/operator/blocks", .operator) { core, call in
      .json(
        try await core.operators.blockAnalytics(
          before: try call.block("before"),
          limit: try call.number(
            "limit", in: Limits.pageRows, default: Limits.pageRowsDefault)))
    },
    Route(.get, "/api/v1/operator/money", .operator) { core, _ in
      .json(try await core.operators.money())
    },
    Route(.post, "/api/v1/operator/audits", .operator) { core, _ in
      .json(try await core.operators.audit())
    },
    Route(.get, "/api/v1/operator/poolers", .operator) { core, _ in
      .json(PublicRoutes.Poolers(rows: try await core.pool.poolers()))
    },
    Route(.post, "/api/v1/operator/poolers", .operator, takesJSON: true, createPooler),
    Route(.get, "/api/v1/operator/pooler-standings", .operator) { core, _ in
      .json(Standings(rows: try await core.operators.poolerStandings()))
    },
    Route(.get, "/api/v1/operator/plan", .operator) { core, call in
      .json(try await core.operators.plan(block: try call.block("block")))
    },
    Route(.post, "/api/v1/operator/poolers/{id}/reinstatements", .operator) { core, call in
      try await core.operators.reinstate(pooler: try pooler(call))
      return .noContent
    },
    Route(
      .post, "/api/v1/operator/poolers/{id}/bond-releases", .operator, takesJSON: true
    ) { core, call in
      try call.fields.allowOnly("amountStroops")
      guard let stroops = try call.fields.optionalStroops("amountStroops"), stroops > 0 else {
        throw BridgeError.invalid("amountStroops", "An amount to give back is above 0.")
      }
      try await core.operators.releaseBond(pooler: try pooler(call), stroops: stroops)
      return .noContent
    },
    Route(.post, "/api/v1/operator/poolers/{id}/enrolment-tokens", .operator) { core, call in
      let token = try await core.operators.issueEnrolmentToken(
        pooler: try pooler(call), needsApproval: try call.flag("approval"))
      return .json(token, status: .created)
    },
  ]

  private struct Agents: Codable {
    var rows: [API.AgentHealth]
  }

  private struct Standings: Codable {
    var rows: [API.PoolerStanding]
  }

  private static func pooler(_ call: Call) throws(BridgeError) -> API.PoolerID {
    guard let id = Int64(call.parameters["id"] ?? "") else {
      throw BridgeError(.notFound, "There is no such pooler.")
    }
    return API.PoolerID(rawValue: id)
  }

  private static let createPooler: Route.Handler = { core, call in
    let fields = call.fields
    try fields.allowOnly("name", "walletAddress", "shareBps", "maxFarmers")
    let name = try fields.string("name").trimmingBlanks
    guard Limits.poolerNameCharacters.contains(name.count),
      name.unicodeScalars.allSatisfy({ !$0.properties.generalCategory.isControl })
    else { throw BridgeError.invalid("name", "A pooler's name has 1 to 64 printable characters.") }
    let share = try fields.integer("shareBps")
    guard Limits.basisPoints.contains(share) else {
      throw BridgeError.invalid("shareBps", "A share is from 0 to 10000 basis points.")
    }
    let farmers = try fields.integer("maxFarmers")
    guard Limits.poolerFarmersMax.contains(farmers) else {
      throw BridgeError.invalid("maxFarmers", "A pooler has room for 1 to 100000 farmers.")
    }
    let pooler = try await core.operators.createPooler(
      API.NewPooler(
        name: name, walletAddress: try fields.address("walletAddress"), shareBps: share,
        maxFarmers: farmers))
    return .json(pooler, status: .created)
  }
}

extension Unicode.GeneralCategory {
  fileprivate var isControl: Bool {
    [.control, .format, .surrogate, .lineSeparator, .paragraphSeparator, .unassigned]
      .contains(self)
  }
}
