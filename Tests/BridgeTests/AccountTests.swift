import Bridge
import Testing

@Suite struct AccountTests {
  @Test func registeringMakesAWalletAndLogsIn() async throws {
    try await TestBridge.with { bridge in
      var anna = bridge.browser()
      let answer = try await anna.send(
        "POST", "/api/v1/farmers",
        [
          "handle": "Anna@Example.org", "password": "correct horse",
          "payoutAddress": .string("  " + TestBridge.payout + "\n"), "custodyAccepted": true,
        ])
      #expect(answer.status == 201)
      #expect(answer.json?["handle"] == "anna@example.org")
      #expect(answer.json?["walletAddress"]?.string?.count == 56)
      let dashboard = try await anna.get("/api/v1/dashboard")
      #expect(dashboard.json?["status"] == "awaitingXLM")
      #expect(dashboard.json?["settings"]?["payoutAddress"] == .string(TestBridge.payout))
      let farmer = try bridge.pool.farmer(try #require(bridge.pool.id(of: "anna@example.org")))
      #expect(farmer.custodyNotice == CustodyNotice.version)
      #expect(farmer.passwordHash.hasPrefix("$argon2id$"))
    }
  }

  /// Each field that does not pass is named, with a line that says what to do.
  static let refused: [(String, JSON, Int, String?, String)] = [
    ("handle", "ab", 422, "handle", "3 to 64"),
    ("handle", "anna b", 422, "handle", "3 to 64"),
    ("handle", nil, 422, "handle", "missing"),
    ("handle", 7, 422, "handle", "text"),
    ("password", "short", 422, "password", "10 to 200"),
    ("password", .string(String(repeating: "x", count: 201)), 422, "password", "10 to 200"),
    ("payoutAddress", "GABC", 422, "payoutAddress", "no Stellar address"),
    ("payoutAddress", "   ", 422, "payoutAddress", "missing"),
    (
      "payoutAddress", .string(String(repeating: "G", count: 500)), 422, "payoutAddress",
      "too long"
    ),
    ("custodyAccepted", false, 422, "custodyAccepted", "accept"),
    ("custodyAccepted", nil, 422, "custodyAccepted", "accept"),
    ("custodyAccepted", "yes", 422, "custodyAccepted", "true or false"),
    ("pasword", "x", 422, "pasword", "no field of this name"),
  ]

  @Test(arguments: refused)
  func whatDoesNotPassIsRefusedByField(
    name: String, value: JSON, status: Int, field: String?, words: String
  ) async throws {
    try await TestBridge.with { bridge in
      var fields: [String: JSON] = [
        "handle": "anna", "password": "correct horse",
        "payoutAddress": .string(TestBridge.payout), "custodyAccepted": true,
      ]
      fields[name] = value
      var browser = bridge.browser()
      let answer = try await browser.send("POST", "/api/v1/farmers", .object(fields))
      #expect(answer.status == status)
      #expect(answer["Content-Type"] == "application/problem+json")
      #expect(answer.json?["field"]?.string == field)
      #expect(answer.json?["detail"]?.string?.contains(words) == true, "\(answer.text)")
      #expect(bridge.pool.id(of: "anna") == nil)
      #expect(answer["Set-Cookie"] == nil)
    }
  }

  @Test func aTakenNameIsAConflictOnItsField() async throws {
    try await TestBridge.with { bridge in
      _ = try await bridge.registered("anna")
      var other = bridge.browser()
      let answer = try await other.send(
        "POST", "/api/v1/farmers",
        [
          "handle": "ANNA", "password": "another password",
          "payoutAddress": .string(TestBridge.payout), "custodyAccepted": true,
        ])
      #expect(answer.status == 409)
      #expect(answer.json?["field"] == "handle")
    }
  }

  @Test func loggingInAndOut() async throws {
    try await TestBridge.with { bridge in
      _ = try await bridge.registered("anna")
      var anna = bridge.browser()
      let answer = try await anna.send(
        "POST", "/api/v1/session", ["handle": "Anna", "password": "correct horse"])
      #expect(answer.status == 200)
      #expect(try await anna.get("/api/v1/session").json == ["loggedIn": true, "handle": "anna"])
      let token = anna.cookie
      #expect(try await anna.send("DELETE", "/api/v1/session").status == 204)
      #expect(anna.cookie == nil)
      // The token is dead on the server too, not only in the browser.
      anna.cookie = token
      #expect(try await anna.get("/api/v1/dashboard").status == 401)
      #expect(try await anna.get("/api/v1/session").json == ["loggedIn": false])
    }
  }

  @Test func aPasswordIsTheSameFromAnyKeyboard() async throws {
    try await TestBridge.with { bridge in
      _ = try await bridge.registered("anna", password: "gr\u{fc}nkohl im garten")
      var anna = bridge.browser()
      let answer = try await anna.send(
        "POST", "/api/v1/session",
        ["handle": "anna", "password": "gru\u{308}nkohl im garten"])
      #expect(answer.status == 200)
    }
  }

  @Test func wrongNameAndWrongPasswordCannotBeToldApart() async throws {
    try await TestBridge.with { bridge in
      _ = try await bridge.registered("anna")
      var browser = bridge.browser()
      let password = try await browser.send(
        "POST", "/api/v1/session", ["handle": "anna", "password": "wrong password"])
      let name = try await browser.send(
        "POST", "/api/v1/session", ["handle": "nobody", "password": "wrong password"])
      #expect(password.status == 401)
      #expect(name.status == 401)
      #expect(password.data == name.data)
      #expect(password.json?["type"] == "/problems/wrong-credentials")
    }
  }

  @Test func theCookieIsOutOfReachOfScriptsAndOtherSites() async throws {
    try await TestBridge.with { bridge in
      var anna = bridge.browser()
      let cookie = try await Self.register(&anna)
      #expect(cookie.hasPrefix("kalepool="))
      for attribute in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=604800"] {
        #expect(cookie.contains("; " + attribute), "\(cookie)")
      }
      #expect(!cookie.contains("Secure"))
      #expect(cookie.split(separator: ";")[0].count == "kalepool=".count + 64)
    }
    try await TestBridge.with {
      $0.publicOrigin = "https://pool.example"
    } _: { bridge in
      var anna = bridge.browser()
      let cookie = try await Self.register(&anna)
      #expect(cookie.hasPrefix("__Host-kalepool="))
      #expect(cookie.contains("; Secure"))
    }
  }

  private static func register(_ browser: inout Browser) async throws -> String {
    let answer = try await browser.send(
      "POST", "/api/v1/farmers",
      [
        "handle": "anna", "password": "correct horse",
        "payoutAddress": .string(TestBridge.payout), "custodyAccepted": true,
      ])
    return try #require(answer["Set-Cookie"])
  }

  @Test func sessionsEnd() async throws {
    try await TestBridge.with {
      $0.sessionLifetime = .seconds(3600)
    } _: { bridge in
      var anna = try await bridge.registered()
      bridge.clock.advance(by: .seconds(3599))
      #expect(try await anna.get("/api/v1/dashboard").status == 200)
      bridge.clock.advance(by: .seconds(1))
      #expect(try await anna.get("/api/v1/dashboard").status == 401)
    }
  }

  @Test(arguments: ["", "kalepool=", "kalepool=zz", "kalepool=00", "other=1", ";;=;"])
  func anyOtherCookieIsNoSession(cookie: String) async throws {
    try await TestBridge.with { bridge in
      var browser = bridge.browser()
      browser.cookie = cookie
      let answer = try await browser.get("/api/v1/dashboard")
      #expect(answer.status == 401)
    }
  }

  @Test func aChangedPasswordEndsTheOtherSessions() async throws {
    try await TestBridge.with { bridge in
      var anna = try await bridge.registered()
      var thief = anna
      let wrong = try await anna.send(
        "PUT", "/api/v1/password",
        ["currentPassword": "not this one", "newPassword": "battery staple"])
      #expect(wrong.status == 422)
      #expect(wrong.json?["field"] == "currentPassword")
      let right = try await anna.send(
        "PUT", "/api/v1/password",
        ["currentPassword": "correct horse", "newPassword": "battery staple"])
      #expect(right.status == 204)
      #expect(try await anna.get("/api/v1/dashboard").status == 200)
      #expect(try await thief.get("/api/v1/dashboard").status == 401)
      var again = bridge.browser()
      let old = try await again.send(
        "POST", "/api/v1/session", ["handle": "anna", "password": "correct horse"])
      #expect(old.status == 401)
      let new = try await again.send(
        "POST", "/api/v1/session", ["handle": "anna", "password": "battery staple"])
      #expect(new.status == 200)
    }
  }

  @Test func guessingIsSlowedDown() async throws {
    try await TestBridge.with {
      $0.rates.passwordPerHandleAndAddress = .init(burst: 2, refill: .seconds(30))
    } _: { bridge in
      _ = try await bridge.registered("anna")
      var guesser = bridge.browser()
      func logIn(_ password: String) async throws -> Answer {
        var browser = guesser
        defer { guesser = browser }
        return try await browser.send(
          "POST", "/api/v1/session", ["handle": "anna", "password": .string(password)])
      }
      for _ in 0..<2 { #expect(try await logIn("wrong password").status == 401) }
      let limited = try await logIn("correct horse")
      #expect(limited.status == 429)
      #expect(limited["Retry-After"] == "30")
      bridge.clock.advance(by: .seconds(30))
      // The right password gives all tries back.
      for _ in 0..<3 { #expect(try await logIn("correct horse").status == 200) }
    }
  }
}
