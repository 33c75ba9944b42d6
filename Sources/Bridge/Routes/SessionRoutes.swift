import Hummingbird

/// Registering, logging in and out, the password.
enum SessionRoutes {
  static let all: [Route] = [
    Route(.post, "/api/v1/farmers", .public, takesJSON: true, register),
    Route(.post, "/api/v1/session", .public, takesJSON: true, logIn),
    // For a page that does not know yet whom it shows: no error where nobody is logged in.
    Route(.get, "/api/v1/session", .visitor) { core, call in
      guard case .farmer(let session) = call.caller,
        let credentials = try await core.pool.credentials(farmer: session.farmer)
      else { return .json(Visitor(loggedIn: false)) }
      return .json(Visitor(loggedIn: true, handle: credentials.handle))
    },
    Route(.delete, "/api/v1/session", .farmer) { core, call in
      .noContent.with([.setCookie: try await core.sessions.close(call.caller.session)])
    },
    Route(.put, "/api/v1/password", .farmer, takesJSON: true, changePassword),
  ]

  struct LoggedIn: Codable {
    var handle: String
  }

  struct Visitor: Codable {
    var loggedIn: Bool
    var handle: String?
  }

  struct Registered: Codable {
    var handle: String
    var walletAddress: String
  }

  private static let register: Route.Handler = { core, call in
    let fields = call.fields
    try fields.allowOnly("handle", "password", "payoutAddress", "custodyAccepted")
    let handle = try fields.handle()
    let password = try fields.newPassword("password")
    let payout = try fields.address("payoutAddress")
    guard try fields.optionalBool("custodyAccepted") == true else {
      throw BridgeError.invalid(
        "custodyAccepted", "Read and accept how the pool keeps your wallet, or do not register.")
    }
    if let address = call.remoteAddress {
      try core.limiter.take("register:\(address)", core.settings.rates.registrationsPerAddress)
    }
    guard try await core.pool.credentials(handle: handle) == nil else {
      throw BridgeError(.conflict, "This name is taken: choose another.", field: "handle")
    }
    let registered = try await core.pool.register(
      API.Registration(
        handle: handle, passwordHash: try await core.passwords.hash(password),
        payoutAddress: payout, custodyNotice: CustodyNotice.version, acceptedAt: core.clock.now()))
    let cookie = try await core.sessions.open(farmer: registered.farmer)
    return Response.json(
      Registered(handle: handle, walletAddress: registered.walletAddress), status: .created
    ).with([.setCookie: cookie])
  }

  private static let logIn: Route.Handler = { core, call in
    try call.fields.allowOnly("handle", "password")
    let handle = try call.fields.handle()
    let password = try call.fields.givenPassword()
    let credentials = try await core.pool.credentials(handle: handle)
    let failure = BridgeError(.wrongCredentials, "Name or password is wrong.")
    try await core.check(
      password, of: credentials, handle: handle, from: call.remoteAddress, failure: failure)
    guard let credentials else { throw failure }
    let cookie = try await core.sessions.open(farmer: credentials.farmer)
    return Response.json(LoggedIn(handle: credentials.handle)).with([.setCookie: cookie])
  }

  /// Ends every other session: whoever knew the old password is out.
  private static let changePassword: Route.Handler = { core, call in
    try call.fields.allowOnly("currentPassword", "newPassword")
    let password = try call.fields.newPassword("newPassword")
    try await core.reauthenticate(call, field: "currentPassword")
    let farmer = call.caller.farmer
    try await core.pool.changePassword(
      farmer: farmer, passwordHash: try await core.passwords.hash(password))
    try await core.sessions.store.deleteAll(farmer: farmer)
    return .noContent.with([.setCookie: try await core.sessions.open(farmer: farmer)])
  }
}
