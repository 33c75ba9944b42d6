import Bridge
import Bytes
import Coordinator
import Foundation
import Logging
import RPCBench
import RPCTransport
import SecureChannel
import Sodium
import StellarClient
import StellarXDR

/// One run of ``BenchReconnect``.
struct ReconnectRun: Sendable {
  let agents: Int
  let addresses: Int
  let poolers: Int
  let kills: Int
  let screen: Screen
  let folder: DemoFolder
  let processes: DemoProcesses

  private static let host = "127.0.0.1"
  private static let waitSeconds = 300.0

  func play() async throws -> ReconnectFigures {
    let http = HTTPClient()
    let (devnetPort, httpPort, agentPort) = (
      try FreePort.find(), try FreePort.find(), try FreePort.find()
    )
    let bank = DemoBank(url: "http://\(Self.host):\(devnetPort)", http: http)
    try await processes.start(
      "devnet", .devnet, try Executable.kalepool,
      ["devnet", "--host", Self.host, "--port", "\(devnetPort)", "--outside-farmers", "5"])
    try await eventually("the devnet", within: Self.waitSeconds) { await bank.isUp() }
    let start = {
      try await processes.start(
        "coordinator", .coordinator, try Executable.kalepool,
        [
          "coordinator", "--data", folder.coordinator, "--network", "devnet", "--rpc", bank.url,
          "--http-host", Self.host, "--http-port", "\(httpPort)", "--agent-host", Self.host,
          "--agent-port", "\(agentPort)",
        ])
    }
    let before = try await start()
    var client = BridgeClient(url: "http://\(Self.host):\(httpPort)", http: http)
    let starting = DemoPool(client: client)
    try await eventually("the coordinator", within: Self.waitSeconds) {
      try await starting.isReady()
    }
    let data = DataFolder(path: folder.coordinator)
    client.bearer = try data.operatorToken()
    let pool = DemoPool(client: client)
    let tokens = try await issueTokens(pool, bank)

    var quiet = Logger(label: "fleet")
    quiet.logLevel = .critical
    let key = Bytes32(try KeyText.decode(try data.serverKey(), as: .serverPublic))
    guard let key else { throw CommandFailure("the server's key cannot be read") }
    let fleet = AgentFleet(
      coordinator: CoordinatorAddress(host: Self.host, port: agentPort, serverKeys: [key]),
      logger: quiet)
    let addresses = addresses
    return try await withThrowingTaskGroup(of: Void.self) { group in
      defer { group.cancelAll() }
      let memory = ProcessUsage(of: before).memoryBytes
      let began = ContinuousClock.now
      group.addTask { await fleet.run(tokens: tokens, addresses: addresses) }
      try await all(fleet, "enrolled")
      var figures = ReconnectFigures(agents: agents, enrolSeconds: Self.seconds(since: began))
      figures.coordinatorBytesPerAgent =
        (ProcessUsage(of: before).memoryBytes - memory) / agents
      screen.line("enrolled and at work: \(agents) agents in \(figures.enrolSeconds) s")
      for _ in 0..<kills { figures.kills.append(try await kill(fleet, starting, start)) }
      // They have been back for a moment: nobody was thrown out again.
      try await Task.sleep(for: .seconds(2))
      let rows = try await pool.agents()
      figures.known = rows.count
      figures.online = rows.count(where: \.online)
      figures.refusals = fleet.now.refusals
      return figures
    }
  }

  private func issueTokens(_ pool: DemoPool, _ bank: DemoBank) async throws -> [EnrolmentToken] {
    let wallet = StrKey.account(try await bank.openWallet().publicKey)
    let ids = try await (1...poolers).concurrently { number in
      try await pool.client.call(
        "POST", "/api/v1/operator/poolers",
        json: NewPooler(
          name: "Pooler \(number)", walletAddress: wallet, shareBps: 5_000, maxFarmers: 1_000),
        as: API.Pooler.self
      ).id
    }
    return try await (0..<agents).concurrently { index in
      try EnrolmentToken(text: try await pool.enrolmentToken(ids[index % ids.count]))
    }
  }

  private func kill(
    _ fleet: AgentFleet, _ pool: DemoPool, _ start: () async throws -> Int32
  ) async throws -> ReconnectFigures.Kill {
    let before = fleet.now
    let killed = ContinuousClock.now
    await processes.kill("coordinator")
    let started = ContinuousClock.now
    let process = try await start()
    // Asked often, as what follows is counted from here too.
    try await eventually("the coordinator", within: Self.waitSeconds, every: .milliseconds(20)) {
      try await pool.isReady()
    }
    let ready = ContinuousClock.now
    try await all(fleet, "back", sessions: before.sessions + agents)
    let kill = ReconnectFigures.Kill(
      untilReady: (ready - killed) / .seconds(1),
      allBackAfterStart: Self.seconds(since: started),
      allBackAfterReady: Self.seconds(since: ready),
      failedAttempts: fleet.now.failures - before.failures,
      coordinatorCPUSeconds: ProcessUsage(of: process).cpuSeconds)
    screen.line("back: \(kill)")
    return kill
  }

  /// Waits until every agent has its assignments, in at least so many sessions.
  private func all(_ fleet: AgentFleet, _ what: String, sessions: Int = 0) async throws {
    let agents = agents
    try await eventually("all agents \(what)", within: Self.waitSeconds, every: .milliseconds(20)) {
      let now = fleet.now
      guard now.refusals == 0 else {
        throw CommandFailure("\(now.refusals) agents were refused")
      }
      screen.status("\(now.ready) of \(agents) \(what)")
      return now.ready >= agents && now.sessions >= sessions
    }
  }

  private static func seconds(since start: ContinuousClock.Instant) -> Double {
    (ContinuousClock.now - start) / .seconds(1)
  }
}
