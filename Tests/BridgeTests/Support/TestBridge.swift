import Bridge
import Logging
import Sodium

/// A real server on a free port over a ``MemoryPool``, for as long as `body` runs.
struct TestBridge: Sendable {
  static let operatorToken = "operator token of the tests"
  /// A well-formed address of nobody's, as far as ``MemoryPool`` looks.
  static let payout = "GBQHTQ7NTSKHVTSVM6EHUO3TU4P4BK2TAAII25V2TT2Q6OWXUJWEKALE"

  let pool: MemoryPool
  let clock: TestClock
  let port: Int

  static func with<R: Sendable>(
    settings change: (inout BridgeSettings) -> Void = { _ in },
    _ body: @Sendable (TestBridge) async throws -> R
  ) async throws -> R {
    let clock = TestClock()
    let pool = MemoryPool(clock: clock)
    var settings = BridgeSettings(
      port: 0, operatorTokenHash: sha256([UInt8](operatorToken.utf8)), shutdownGrace: .seconds(2))
    change(&settings)
    var logger = Logger(label: "bridge.tests")
    logger.logLevel = .critical
    let server = try BridgeServer(
      settings: settings, pool: pool, operators: pool, health: pool, sessions: pool,
      clock: clock.bridgeClock, logger: logger)
    let running = Task { try await server.run() }
    do {
      let bridge = TestBridge(pool: pool, clock: clock, port: try await server.boundPort())
      let result = try await body(bridge)
      running.cancel()
      try await running.value
      return result
    } catch {
      running.cancel()
      _ = try? await running.value
      throw error
    }
  }

  /// A browser without a session.
  func browser() -> Browser { Browser(port: port) }

  /// A browser whose farmer has registered.
  func registered(_ handle: String = "anna", password: String = "correct horse") async throws
    -> Browser
  {
    var browser = browser()
    let answer = try await browser.send(
      "POST", "/api/v1/farmers",
      [
        "handle": .string(handle), "password": .string(password),
        "payoutAddress": .string(Self.payout), "custodyAccepted": true,
      ])
    guard answer.status == 201 else { throw Unexpected(answer: answer) }
    return browser
  }

  struct Unexpected: Error { let answer: Answer }
}
