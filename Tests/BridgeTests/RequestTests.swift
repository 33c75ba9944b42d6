import Bridge
import Bytes
import Foundation
import Synchronization
import Testing

/// What a stranger may send, and what comes back whatever they send.
@Suite struct RequestTests {
  static let logIn = "/api/v1/session"

  static let malformed: [(String, Int, String)] = [
    ("", 400, "not JSON"),
    ("{", 400, "not JSON"),
    ("nonsense", 400, "not JSON"),
    ("[]", 400, "must be a JSON object"),
    ("\"text\"", 400, "must be a JSON object"),
    ("{\"handle\":[[[[[1]]]]]}", 400, "nested too deep"),
    (String(repeating: "[", count: 15_000), 400, "nested too deep"),
    (String(repeating: "{\"a\":", count: 3_000), 400, "nested too deep"),
    ("{\"handle\":\"\u{0}\"}", 400, "not JSON"),
    ("{\"handle\":{},\"password\":\"correct horse\"}", 422, "must be a text"),
  ]

  @Test(arguments: malformed)
  func whatIsNoJSONObjectIsRefused(body: String, status: Int, words: String) async throws {
    try await TestBridge.with { bridge in
      var browser = bridge.browser()
      let answer = try await browser.send(
        "POST", Self.logIn, data: Data(body.utf8), headers: ["Content-Type": "application/json"])
      #expect(answer.status == status)
      #expect(answer["Content-Type"] == "application/problem+json")
      #expect(answer.json?["detail"]?.string?.contains(words) == true, "\(answer.text)")
    }
  }

  @Test func bytesThatAreNoTextAreNoJSON() async throws {
    try await TestBridge.with { bridge in
      var browser = bridge.browser()
      for body in [[0xff, 0xfe], [0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d]] as [[UInt8]] {
        let answer = try await browser.send(
          "POST", Self.logIn, data: Data(body), headers: ["Content-Type": "application/json"])
        #expect(answer.status == 400, "\(answer.text)")
      }
    }
  }

  @Test func anOversizeRequestIsRefused() async throws {
    try await TestBridge.with { bridge in
      var browser = bridge.browser()
      let long = Data("{\"handle\":\"".utf8) + Data(repeating: 0x61, count: 17_000)
      let answer = try await browser.send(
        "POST", Self.logIn, data: long, headers: ["Content-Type": "application/json"])
      #expect(answer.status == 413)
      #expect(answer.json?["type"] == "/problems/content-too-large")
      // Without a length, by chunks: the same.
      let chunk = "4000\r\n" + String(repeating: "a", count: 0x4000) + "\r\n"
      let raw = try await rawExchange(
        port: bridge.port,
        "POST \(Self.logIn) HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
          + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n\(chunk)\(chunk)0\r\n\r\n")
      #expect(raw.hasPrefix("HTTP/1.1 413 "), "\(raw.prefix(200))")
    }
  }

  @Test(arguments: [nil, "text/plain", "application/x-www-form-urlencoded", "application/jsonx"])
  func onlyJSONIsTaken(type: String?) async throws {
    try await TestBridge.with { bridge in
      var browser = bridge.browser()
      let answer = try await browser.send(
        "POST", Self.logIn, data: Data("{}".utf8), headers: type.map { ["Content-Type": $0] } ?? [:]
      )
      #expect(answer.status == 415)
    }
  }

  @Test func jsonWithACharsetIsJSON() async throws {
    try await TestBridge.with { bridge in
      var browser = bridge.browser()
      let answer = try await browser.send(
        "POST", Self.logIn, data: Data("{}".utf8),
        headers: ["Content-Type": "Application/JSON ; charset=utf-8"])
      #expect(answer.status == 422)
    }
  }

  static let origins: [([String: String], Int)] = [
    ([:], 422),
    (["Sec-Fetch-Site": "same-origin"], 422),
    (["Sec-Fetch-Site": "cross-site"], 403),
    (["Sec-Fetch-Site": "same-site"], 403),
    (["Sec-Fetch-Site": "none"], 403),
    (["Origin": "https://evil.example"], 403),
    (["Origin": "null"], 403),
    (["Origin": "http://127.0.0.1"], 403),
    (["Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"], 403),
  ]

  @Test(arguments: origins)
  func anotherSitesPageCannotChangeAnything(headers: [String: String], status: Int)
    async throws
  {
    try await TestBridge.with { bridge in
      var browser = bridge.browser()
      let answer = try await browser.send("POST", Self.logIn, [:], headers: headers)
      #expect(answer.status == status)
      let own = try await browser.send(
        "POST", Self.logIn, [:], headers: ["Origin": "http://127.0.0.1:\(bridge.port)"])
      #expect(own.status == 422)
    }
  }

  @Test func aForeignHostNameIsRefused() async throws {
    try await TestBridge.with {
      $0.publicOrigin = "https://pool.example"
    } _: { bridge in
      for (host, status) in [
        ("localhost", "200"), ("LOCALHOST:1", "200"), ("[::1]:8080", "200"),
        ("pool.example", "200"), ("evil.example", "403"), ("pool.example.evil", "403"),
        ("127.0.0.1.evil", "403"),
      ] {
        let answer = try await rawExchange(
          port: bridge.port,
          "GET /healthz HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(host)")
      }
    }
  }

  @Test func everyAnswerCarriesTheSecurityHeaders() async throws {
    try await TestBridge.with { bridge in
      var browser = bridge.browser()
      for path in ["/", "/api/v1/pool", "/api/v1/dashboard", "/nowhere"] {
        let answer = try await browser.get(path)
        let policy = try #require(answer["Content-Security-Policy"])
        #expect(policy.contains("default-src 'self'"))
        #expect(policy.contains("frame-ancestors 'none'"))
        #expect(!policy.contains("unsafe"))
        #expect(answer["X-Content-Type-Options"] == "nosniff")
        #expect(answer["Referrer-Policy"] == "no-referrer")
        #expect(answer["Cross-Origin-Opener-Policy"] == "same-origin")
        #expect(answer["Cache-Control"] == (path == "/" ? "no-cache" : "no-store"))
        #expect(answer["Strict-Transport-Security"] == nil)
      }
    }
  }

  @Test func aFaultOfTheServiceIsLoggedAndNotShown() async throws {
    struct Secret: Error { let text = "the database's password is hunter2" }
    try await TestBridge.with { bridge in
      var anna = try await bridge.registered()
      bridge.pool.state.withLock { $0.fault = Secret() }
      let answer = try await anna.get("/api/v1/dashboard")
      #expect(answer.status == 500)
      #expect(answer.json?["type"] == "/problems/internal-error")
      #expect(answer.json?["instance"]?.string?.hasPrefix("request-") == true)
      #expect(!answer.text.contains("hunter2"))
    }
  }

  @Test(arguments: [
    "//", "/?", "/?=&=&&a&b=%", "/api/v1/pool?%ff=%zz", "/%", "/\u{e9}", "*",
    "http://evil.example/api/v1/pool", "/api/v1/blocks?limit=%31%30&limit=5", "/./api/v1/pool",
    "/problems/", "/problems/%2e%2e",
  ])
  func oddTargetsAreAnswered(target: String) async throws {
    try await TestBridge.with { bridge in
      let answer = try await rawExchange(
        port: bridge.port, "GET \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
      let status = try #require(Int(answer.dropFirst(9).prefix(3)), "\(answer)")
      #expect([200, 400, 401, 404].contains(status), "\(target): \(status)")
    }
  }

  @Test func everyProblemTypeIsExplained() async throws {
    try await TestBridge.with { bridge in
      var browser = bridge.browser()
      for code in BridgeError.Code.allCases {
        let answer = try await browser.get("/problems/" + code.rawValue)
        #expect(answer.status == 200)
        #expect(answer.text.contains(String(code.status)))
      }
    }
  }

  /// Valid requests, bent at random: never a fault of ours, never a broken connection.
  @Test func bentRequestsNeverBreakTheServer() async throws {
    var random = SplitMix(seed: 20_261_123)
    let bodies = (0..<300).map { _ in Self.bent(&random) }
    try await TestBridge.with { bridge in
      var anna = try await bridge.registered()
      for (number, body) in bodies.enumerated() {
        let (method, path) = [
          ("POST", "/api/v1/farmers"), ("POST", "/api/v1/membership"),
          ("PATCH", "/api/v1/settings"),
        ][number % 3]
        let answer = try await anna.send(
          method, path, data: Data(body), headers: ["Content-Type": "application/json"])
        #expect((200..<500).contains(answer.status), "\(String(decoding: body, as: UTF8.self))")
        bridge.clock.advance(by: .seconds(1))
      }
    }
  }

  private static func bent(_ random: inout SplitMix) -> [UInt8] {
    var body = Array(
      "{\"pooler\":1,\"shareBps\":5000,\"stakeBps\":2000,\"harvestAfterBlocks\":5,\"stakeCapStroops\":\"9\"}"
        .utf8)
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let at = Int.random(in: 0..<body.count, using: &random)
      switch Int.random(in: 0..<3, using: &random) {
      case 0: body[at] = UInt8.random(in: 0...255, using: &random)
      case 1: body.insert(Array("{}[]\",:0-e.\\u".utf8).randomElement(using: &random)!, at: at)
      default: body.remove(at: at)
      }
    }
    return body
  }
}
