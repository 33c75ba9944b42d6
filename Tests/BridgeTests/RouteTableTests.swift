import Testing

@testable import Bridge

/// Default-deny: the table is walked, so that a new route is covered the day it is written.
@Suite struct RouteTableTests {
  static let strangers = RouteTable.all.filter { $0.access == .farmer || $0.access == .operator }

  /// Every route is tried once, which is more often than a guesser of tokens may.
  private static let unhurried = { @Sendable (settings: inout BridgeSettings) in
    settings.rates.operatorPerAddress.burst = strangers.count
  }

  @Test func everyRouteIsThereOnce() {
    let keys = RouteTable.all.map { "\($0.methodName) \($0.path)" }
    #expect(Set(keys).count == keys.count)
    #expect(keys.count > 25)
  }

  @Test func theAccessOfEveryRouteIsTheOneIntended() {
    let open = RouteTable.all.filter { $0.access == .public && $0.changesState }.map(\.path)
    #expect(open == ["/api/v1/farmers", "/api/v1/session"])
    for route in RouteTable.all where route.path.hasPrefix("/api/v1/operator/") {
      #expect(route.access == .operator, "\(route.path)")
    }
    let visitor = RouteTable.all.filter { $0.access == .visitor }
    #expect(visitor.map { "\($0.methodName) \($0.path)" } == ["GET /api/v1/session"])
    let local = RouteTable.all.filter { $0.access == .local }.map(\.path)
    #expect(local == ["/readyz", "/metrics"])
  }

  @Test func aStrangerIsRefusedEverywhereElse() async throws {
    try await TestBridge.with(settings: Self.unhurried) { bridge in
      for route in Self.strangers {
        var stranger = bridge.browser()
        let path = route.path.replacing("{id}", with: "1")
        let answer = try await stranger.send(
          route.methodName, path, route.takesJSON ? [:] : nil)
        #expect(answer.status == 401, "\(route.methodName) \(route.path)")
        #expect(answer.json?["type"] == "/problems/not-authenticated")
      }
    }
  }

  @Test func aFarmerIsNoOperatorAndAnOperatorNoFarmer() async throws {
    try await TestBridge.with(settings: Self.unhurried) { bridge in
      let anna = try await bridge.registered()
      for route in Self.strangers {
        let path = route.path.replacing("{id}", with: "1")
        var caller = route.access == .operator ? anna : bridge.browser()
        let answer = try await caller.send(
          route.methodName, path, route.takesJSON ? [:] : nil,
          headers: route.access == .farmer
            ? ["Authorization": "Bearer " + TestBridge.operatorToken] : [:])
        #expect(answer.status == 401, "\(route.methodName) \(route.path)")
      }
    }
  }

  @Test func unknownPathsAndMethodsAreProblems() async throws {
    try await TestBridge.with { bridge in
      var browser = bridge.browser()
      let nowhere = try await browser.get("/api/v1/nowhere")
      #expect(nowhere.status == 404)
      #expect(nowhere["Content-Type"] == "application/problem+json")
      let method = try await browser.send("DELETE", "/api/v1/pool")
      #expect(method.status == 405)
      #expect(method["Allow"] == "GET")
      #expect(try await browser.get("/api/v1/session/").status == 404)
      #expect(try await browser.get("/..%2fPackage.swift").status == 404)
    }
  }
}
