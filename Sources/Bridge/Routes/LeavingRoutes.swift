import Hummingbird

/// "Collect rewards": leaving the pool, with a preview before and a way back.
enum LeavingRoutes {
  static let all: [Route] = [
    Route(.get, "/api/v1/leave/preview", .farmer) { core, call in
      .json(try await core.pool.exitPreview(farmer: call.caller.farmer))
    },
    Route(.post, "/api/v1/leave", .farmer, takesJSON: true) { core, call in
      let fields = call.fields
      try fields.allowOnly("password", "waitForPendingPayout", "nextPooler", "nextShareBps")
      var request = API.LeaveRequest(
        waitForPendingPayout: try fields.optionalBool("waitForPendingPayout") ?? false)
      if fields.has("nextPooler") {
        request.nextPooler = API.PoolerID(rawValue: Int64(try fields.integer("nextPooler")))
        request.nextShareBps = try fields.integer("nextShareBps")
      }
      try await core.reauthenticate(call)
      return .json(
        try await core.pool.leave(farmer: call.caller.farmer, request), status: .accepted)
    },
    Route(.delete, "/api/v1/leave", .farmer) { core, call in
      try await core.pool.callOffLeaving(farmer: call.caller.farmer)
      return .noContent
    },
  ]
}
