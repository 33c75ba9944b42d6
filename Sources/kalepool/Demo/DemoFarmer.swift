import Bridge
import Foundation
import Sodium
import StellarClient
import StellarXDR

/// A farmer of the demo, who uses the pool's API exactly as a browser does.
struct DemoFarmer: Sendable {
  let handle: String
  let password: String
  /// The pool's wallet for this farmer.
  let wallet: AccountID
  private var client: BridgeClient
  /// How long to wait before looking again.
  private let pause: Duration

  /// How long a step of settling in may take: some ledgers on a busy machine.
  static let stepSeconds = 120.0

  /// Goes through everything a new farmer goes through, until the pool farms for them; through
  /// `desk` as many at a time as can be registered.
  init(
    number: Int, password: String, client: BridgeClient, bank: DemoBank, pooler: API.Pooler,
    desk: Gate, pause: Duration
  ) async throws {
    handle = "farmer-\(number)"
    self.password = password
    self.client = client
    self.pause = pause
    let payout = try await bank.openWallet()
    let registration = Registration(
      handle: handle, password: password, payoutAddress: StrKey.account(payout.publicKey))
    let registered = try await desk.pass {
      try await client.checked("POST", "/api/v1/farmers", json: registration)
    }
    guard let registered else { throw CancellationError() }
    self.client.cookie = registered.cookie
    let address = try registered.decode(Registered.self).walletAddress
    guard let wallet = StrKey.account(address) else {
      throw CommandFailure("the pool gives no wallet address: \(address)")
    }
    self.wallet = wallet

    // XLM first: KALE cannot be received before the trustline stands.
    try await bank.fund(address)
    try await until("\(handle)'s trustline") { $0.wallet.trustline }
    try await bank.grant(address, DemoSettings.grantStroops)
    try await until("\(handle)'s KALE") { $0.wallet.kale.stroops >= DemoSettings.grantStroops }
    try await self.client.checked(
      "POST", "/api/v1/membership",
      json: Joining(
        pooler: pooler.id.rawValue, shareBps: pooler.shareBps, stakeBps: DemoSettings.stakeBps,
        harvestAfterBlocks: DemoSettings.harvestAfterBlocks))
    try await until("\(handle)'s place at the pooler") { $0.status == .farming }
  }

  /// Nothing is planted from the next block on.
  func pause() async throws {
    try await client.checked("PATCH", "/api/v1/settings", json: Pausing())
  }

  func leave() async throws {
    try await client.checked("POST", "/api/v1/leave", json: Leaving(password: password))
  }

  /// The farmer's part in a block; nil where there is none.
  func block(_ block: UInt32) async throws -> API.BlockRow? {
    let page: API.BlockPage = try await client.call(
      "GET", "/api/v1/blocks?limit=1&before=\(block + 1)")
    return page.rows.first { $0.block == block }
  }

  private func until(
    _ what: String, _ condition: @Sendable (API.Dashboard) -> Bool
  ) async throws {
    try await eventually(what, within: Self.stepSeconds, every: pause) {
      condition(try await client.call("GET", "/api/v1/dashboard"))
    }
  }

  private struct Registration: Encodable, Sendable {
    var handle: String
    var password: String
    var payoutAddress: String
    var custodyAccepted = true
  }

  private struct Registered: Decodable {
    var walletAddress: String
  }

  private struct Joining: Encodable, Sendable {
    var pooler: Int64
    var shareBps: Int
    var stakeBps: Int
    var harvestAfterBlocks: Int
  }

  private struct Pausing: Encodable, Sendable {
    var paused = true
  }

  private struct Leaving: Encodable, Sendable {
    var password: String
  }
}
