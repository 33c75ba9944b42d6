import Bridge
import Synchronization
import Testing

@Suite struct OperatorTests {
  static let bearer = ["Authorization": "Bearer " + TestBridge.operatorToken]

  @Test func theOperatorSeesAgentsAndMoney() async throws {
    try await TestBridge.with { bridge in
      _ = try await bridge.registered()
      var browser = bridge.browser()
      let agents = try await browser.send(
        "GET", "/api/v1/operator/agents", headers: Self.bearer)
      #expect(agents.json?["rows"]?[0]?["name"] == "rack-1")
      let money = try await browser.send("GET", "/api/v1/operator/money", headers: Self.bearer)
      #expect(money.json?["farmers"] == 1)
      let audit = try await browser.send("POST", "/api/v1/operator/audits", headers: Self.bearer)
      #expect(audit.json?["walletsChecked"] == 1)
    }
  }

  @Test func agentsAreRevoked() async throws {
    try await TestBridge.with { bridge in
      var browser = bridge.browser()
      let agents = try await browser.send(
        "GET", "/api/v1/operator/agents", headers: Self.bearer)
      let id = try #require(agents.json?["rows"]?[0]?["id"]?.string)
      let approval = "/api/v1/operator/agents/\(id)/approval"
      #expect(try await browser.send("POST", approval, headers: Self.bearer).status == 204)
      let path = "/api/v1/operator/agents/\(id)/revocation"
      #expect(try await browser.send("POST", path).status == 401)
      #expect(try await browser.send("POST", path, headers: Self.bearer).status == 204)
      let nobody = try await browser.send(
        "POST", "/api/v1/operator/agents/AAAA/revocation", headers: Self.bearer)
      #expect(nobody.status == 404)
    }
  }

  @Test func poolersAreMadeAndAgentsEnrolled() async throws {
    try await TestBridge.with { bridge in
      var browser = bridge.browser()
      func make(_ fields: JSON) async throws -> Answer {
        var client = browser
        defer { browser = client }
        return try await client.send(
          "POST", "/api/v1/operator/poolers", fields, headers: Self.bearer)
      }
      let good: JSON = [
        "name": "Second", "walletAddress": .string(TestBridge.payout), "shareBps": 4000,
        "maxFarmers": 20,
      ]
      let made = try await make(good)
      #expect(made.status == 201)
      #expect(made.json?["placesFree"] == 20)
      #expect(try await make(good).status == 409)
      for (field, value) in [
        ("name", ""), ("name", "a\nb"), ("shareBps", 10001), ("maxFarmers", 0),
        ("walletAddress", nil),
      ] as [(String, JSON)] {
        var fields = good.object ?? [:]
        fields["name"] = "Third"
        fields[field] = value
        let answer = try await make(.object(fields))
        #expect(answer.status == 422, "\(field)")
        #expect(answer.json?["field"]?.string == field)
      }
      let id = Int(try #require(made.json?["id"]?.number))
      let token = try await browser.send(
        "POST", "/api/v1/operator/poolers/\(id)/enrolment-tokens", headers: Self.bearer)
      #expect(token.status == 201)
      #expect(token.json?["token"]?.string == "token-\(id)")
      let waiting = try await browser.send(
        "POST", "/api/v1/operator/poolers/\(id)/enrolment-tokens?approval=true",
        headers: Self.bearer)
      #expect(waiting.json?["token"]?.string == "token-\(id)-waits")
      let neither = try await browser.send(
        "POST", "/api/v1/operator/poolers/\(id)/enrolment-tokens?approval=1", headers: Self.bearer)
      #expect(neither.status == 422 && neither.json?["field"]?.string == "approval")
      for missing in ["77", "x", "-1"] {
        let answer = try await browser.send(
          "POST", "/api/v1/operator/poolers/\(missing)/enrolment-tokens", headers: Self.bearer)
        #expect(answer.status == 404)
      }
    }
  }

  @Test(arguments: ["", "Bearer ", "Bearer wrong", "Basic b3BlcmF0b3I6", "operator token"])
  func anyOtherTokenIsRefused(authorization: String) async throws {
    try await TestBridge.with { bridge in
      var browser = bridge.browser()
      let answer = try await browser.send(
        "GET", "/api/v1/operator/money", headers: ["Authorization": authorization])
      #expect(answer.status == 401)
      #expect(answer["WWW-Authenticate"] == "Bearer")
    }
  }

  @Test func guessingTheTokenIsSlowedDown() async throws {
    try await TestBridge.with {
      $0.rates.operatorPerAddress = .init(burst: 2, refill: .seconds(60))
    } _: { bridge in
      var browser = bridge.browser()
      for status in [401, 401, 429] {
        let answer = try await browser.send(
          "GET", "/api/v1/operator/money", headers: ["Authorization": "Bearer guess"])
        #expect(answer.status == status)
      }
      let right = try await browser.send("GET", "/api/v1/operator/money", headers: Self.bearer)
      #expect(right.status == 200)
    }
  }

  @Test func withoutATokenTheInterfaceIsClosed() async throws {
    try await TestBridge.with {
      $0.operatorTokenHash = nil
    } _: { bridge in
      var browser = bridge.browser()
      let answer = try await browser.send(
        "GET", "/api/v1/operator/money", headers: Self.bearer)
      #expect(answer.status == 403)
    }
  }

  @Test func healthAndMetrics() async throws {
    try await TestBridge.with { bridge in
      var browser = bridge.browser()
      #expect(try await browser.get("/healthz").text == "ok\n")
      #expect(try await browser.get("/readyz").status == 200)
      bridge.pool.state.withLock { $0.ready = false }
      let notReady = try await browser.get("/readyz")
      #expect(notReady.status == 503)
      #expect(notReady.json?["checks"]?[1]?["detail"] == "no ledger for 60 s")
      _ = try await browser.get("/nowhere")
      let metrics = try await browser.get("/metrics")
      #expect(metrics["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8")
      let lines = metrics.text.split(separator: "\n")
      #expect(lines.contains(#"kalepool_farmers{status="a \"quoted\"\nname"} 0"#))
      #expect(lines.contains("# TYPE kalepool_http_responses_total counter"))
      #expect(
        lines.contains(
          #"kalepool_http_responses_total{method="GET",route="/healthz",status="200"} 1"#))
      #expect(
        lines.contains(
          #"kalepool_http_responses_total{method="any",route="none",status="404"} 1"#))
    }
  }

  @Test func whatCameThroughTheProxySeesNoMetrics() async throws {
    try await TestBridge.with { bridge in
      var browser = bridge.browser()
      for path in ["/metrics", "/readyz"] {
        for header in ["X-Forwarded-For", "Forwarded"] {
          let proxied = try await browser.send("GET", path, headers: [header: "203.0.113.7"])
          #expect(proxied.status == 401)
        }
        let operating = try await browser.send(
          "GET", path, headers: Self.bearer.merging(["X-Forwarded-For": "::2"]) { a, _ in a })
        #expect(operating.status == 200)
      }
    }
  }

  @Test func behindAProxyItsLastWordIsTheAddress() async throws {
    try await TestBridge.with {
      $0.publicOrigin = "https://pool.example"
      $0.rates.registrationsPerAddress = .init(burst: 1, refill: .seconds(60))
    } _: { bridge in
      var number = 0
      func register(_ forwarded: String) async throws -> Int {
        var browser = bridge.browser()
        number += 1
        return try await browser.send(
          "POST", "/api/v1/farmers",
          [
            "handle": .string("farmer\(number)"), "password": "correct horse",
            "payoutAddress": .string(TestBridge.payout), "custodyAccepted": true,
          ], headers: ["X-Forwarded-For": forwarded]
        ).status
      }
      // A forged entry before the proxy's own changes nothing.
      for (forwarded, status) in [
        ("203.0.113.7", 201), ("203.0.113.7", 429), ("198.51.100.1, 203.0.113.7", 429),
        ("203.0.113.8", 201),
      ] {
        let got = try await register(forwarded)
        #expect(got == status, "\(forwarded)")
      }
    }
  }
}
