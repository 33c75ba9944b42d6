import Bridge
import Logging
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct ServerTests {
  private static func server(_ settings: BridgeSettings) throws -> BridgeServer {
    let clock = TestClock()
    let pool = MemoryPool(clock: clock)
    var logger = Logger(label: "bridge.tests")
    logger.logLevel = .critical
    return try BridgeServer(
      settings: settings, pool: pool, operators: pool, health: pool, sessions: pool,
      clock: clock.bridgeClock, logger: logger)
  }

  @Test func aBusyPortIsOneClearLine() async throws {
    try await TestBridge.with { bridge in
      let second = try Self.server(BridgeSettings(port: bridge.port))
      let busy = BridgeStartError.portBusy(host: "127.0.0.1", port: bridge.port)
      await #expect(throws: busy) { try await second.run() }
      await #expect(throws: busy) { _ = try await second.boundPort() }
      #expect(
        busy.description
          == "port \(bridge.port) on 127.0.0.1 is in use: stop the program that holds it,"
          + " or choose another port")
    }
  }

  @Test func aForeignAddressIsOneClearLine() async throws {
    let server = try Self.server(
      BridgeSettings(host: "192.0.2.1", port: 0, publicOrigin: "https://pool.example"))
    let error = await #expect(throws: BridgeStartError.self) { try await server.run() }
    #expect(error?.description.hasPrefix("cannot listen on 192.0.2.1 port 0: ") == true)
    #expect(error?.description.contains("\n") == false)
  }

  @Test func listeningBeyondThisMachineNeedsAPublicOrigin() throws {
    #expect(throws: BridgeStartError.publicOriginMissing(host: "0.0.0.0")) {
      try Self.server(BridgeSettings(host: "0.0.0.0", port: 0))
    }
    for text in [
      "pool.example", "https://", "https://pool.example/", "http://pool.example", "ftp://x",
      "https://a b",
    ] {
      #expect(throws: BridgeStartError.publicOriginMalformed(text)) {
        try Self.server(BridgeSettings(port: 0, publicOrigin: text))
      }
    }
  }

  @Test func aRequestInFlightIsAnsweredBeforeTheServerStops() async throws {
    let clock = TestClock()
    let pool = MemoryPool(clock: clock)
    var logger = Logger(label: "bridge.tests")
    logger.logLevel = .critical
    let server = try BridgeServer(
      settings: BridgeSettings(port: 0), pool: pool, operators: pool, health: pool,
      sessions: pool, clock: clock.bridgeClock, logger: logger)
    let running = Task { try await server.run() }
    let (entered, enter) = AsyncStream.makeStream(of: Void.self)
    let (released, release) = AsyncStream.makeStream(of: Void.self)
    pool.state.withLock { state in
      state.beforePoolInfo = {
        enter.finish()
        for await _ in released {}
      }
    }
    var browser = Browser(port: try await server.boundPort())
    async let answer = browser.get("/api/v1/pool")
    for await _ in entered {}
    running.cancel()
    release.finish()
    #expect(try await answer.status == 200)
    try await running.value
  }
}
