import Hummingbird

/// What a logged-in farmer sees and sets.
enum FarmerRoutes {
  static let all: [Route] = [
    Route(.post, "/api/v1/membership", .farmer, takesJSON: true, join),
    Route(.delete, "/api/v1/membership", .farmer) { core, call in
      try await core.pool.leaveQueue(farmer: call.caller.farmer)
      return .noContent
    },
    Route(.patch, "/api/v1/settings", .farmer, takesJSON: true, changeSettings),
    Route(.get, "/api/v1/dashboard", .farmer) { core, call in
      .json(try await core.pool.dashboard(farmer: call.caller.farmer))
    },
    Route(.get, "/api/v1/blocks", .farmer) { core, call in
      .json(
        try await core.pool.blocks(
          farmer: call.caller.farmer, before: try call.block("before"), limit: try rows(call)))
    },
    Route(.get, "/api/v1/rewards", .farmer) { core, call in
      .json(
        try await core.pool.rewards(
          farmer: call.caller.farmer, before: try call.block("before"), limit: try rows(call)))
    },
    Route(.get, "/api/v1/statement", .farmer, statement),
    Route(.get, "/api/v1/statement.csv", .farmer) { core, call in
      StatementCSV.response(pool: core.pool, farmer: call.caller.farmer)
    },
    Route(.get, "/api/v1/events", .farmer) { core, call in
      try await EventStream.response(core, session: call.caller.session)
    },
  ]

  private static func rows(_ call: Call) throws -> Int {
    try call.number("limit", in: Limits.pageRows, default: Limits.pageRowsDefault)
  }

  private static let join: Route.Handler = { core, call in
    let fields = call.fields
    try fields.allowOnly(
      "pooler", "shareBps", "stakeBps", "harvestAfterBlocks", "stakeCapStroops")
    let share = try fields.integer("shareBps")
    guard Limits.basisPoints.contains(share) else {
      throw BridgeError.invalid("shareBps", "A share is from 0 to 10000 basis points.")
    }
    let request = API.JoinRequest(
      pooler: API.PoolerID(rawValue: Int64(try fields.integer("pooler"))), shareBps: share,
      stakeBps: try fields.required("stakeBps", try fields.optionalStakeBps()),
      harvestAfterBlocks: try fields.required(
        "harvestAfterBlocks", try fields.optionalHarvestAfterBlocks()),
      stakeCapStroops: try fields.optionalStroops("stakeCapStroops"))
    return .json(try await core.pool.join(farmer: call.caller.farmer, request))
  }

  private static let changeSettings: Route.Handler = { core, call in
    let fields = call.fields
    try fields.allowOnly(
      "stakeBps", "harvestAfterBlocks", "stakeCapStroops", "paused", "withinMaxStake",
      "evenBelowFees", "payoutAddress", "password")
    var change = API.SettingsChange(
      stakeBps: try fields.optionalStakeBps(),
      harvestAfterBlocks: try fields.optionalHarvestAfterBlocks(),
      paused: try fields.optionalBool("paused"),
      withinMaxStake: try fields.optionalBool("withinMaxStake"),
      evenBelowFees: try fields.optionalBool("evenBelowFees"),
      payoutAddress: try fields.optionalAddress("payoutAddress"))
    if fields.has("stakeCapStroops") {
      change.stakeCap =
        try fields.optionalStroops("stakeCapStroops").map { .stroops($0) } ?? .remove
    }
    guard change != API.SettingsChange() else {
      throw BridgeError(.malformed, "The request changes nothing.")
    }
    // Money leaves to the payout address alone: who changes it must know the password.
    if change.payoutAddress != nil { try await core.reauthenticate(call) }
    return .json(try await core.pool.changeSettings(farmer: call.caller.farmer, change))
  }

  private static let statement: Route.Handler = { core, call in
    var after: Int64?
    if let text = call.query["after"] {
      guard let id = Int64(text) else {
        throw BridgeError.invalid("after", "after must be a row's id.")
      }
      after = id
    }
    let limit = try call.number(
      "limit", in: Limits.statementRows, default: Limits.pageRowsDefault)
    return .json(
      try await core.pool.statement(farmer: call.caller.farmer, after: after, limit: limit))
  }
}
