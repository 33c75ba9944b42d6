import Bridge
import Bytes
import Foundation
import Sodium
import StellarClient
import StellarXDR

/// Sets up the parts in order, and then plays.
struct DemoStage: Sendable {
  let settings: DemoSettings
  let screen: Screen
  let folder: DemoFolder
  let processes: DemoProcesses

  /// How long a part may take to start: the coordinator makes a database.
  static let startSeconds = 180.0
  private static let host = "127.0.0.1"

  /// More than the farmers' requests and the bank's at one time.
  private static let connectionsMax = 128

  func play() async throws -> DemoReport {
    var connections = HTTPClient.Settings()
    connections.connectionsPerHostMax = Self.connectionsMax
    let http = HTTPClient(connections)
    let (bank, nodes) = try await startDevnet(http)
    let agentPort = try FreePort.find()
    let pool = try await startCoordinator(http, nodes: nodes, agentPort: agentPort)
    screen.line("The page: \(pool.client.url)/")

    let poolerWallet = try await bank.openWallet()
    let pooler = try await pool.addPooler(
      wallet: StrKey.account(poolerWallet.publicKey), settings: settings)
    let farmers = try await settleFarmers(http, pool, bank, pooler)
    try await eventually("the farmers' terms on chain", within: Self.startSeconds) {
      try await pool.figures().inFlight == 0
    }
    try await awaitEarlyBlock(pool)
    try await startAgents(pool, pooler, port: agentPort)

    var match = DemoMatch(
      settings: settings, screen: screen, processes: processes, pool: pool, farmers: farmers,
      faults: settings.faults
        ? DemoFaults(nodes: nodes, pool: pool, screen: screen, http: http) : nil)
    return try await match.play()
  }

  /// Both the process's name and the one the operator sees.
  static func agentName(_ number: Int) -> String { "agent-\(number)" }

  /// With its nodes' addresses.
  private func startDevnet(_ http: HTTPClient) async throws -> (DemoBank, nodes: [String]) {
    let ports = try (0..<(settings.faults ? 2 : 1)).map { _ in try FreePort.find() }
    let nodes = ports.map { "http://\(Self.host):\($0)" }
    let bank = DemoBank(url: nodes[0], http: http)
    try await processes.start(
      "devnet", .devnet, try Executable.kalepool,
      [
        "devnet", "--host", Self.host, "--speed", "\(settings.speed)", "--outside-farmers",
        "\(settings.outsideFarmers)",
      ] + ports.flatMap { ["--port", "\($0)"] } + (settings.unlimited ? ["--unlimited"] : []))
    try await eventually("the devnet", within: Self.startSeconds) { await bank.isUp() }
    screen.line(
      "The devnet: \(bank.url), a ledger each \(Int(settings.ledgerInterval * 1_000)) ms, a block"
        + " each \(Int(settings.blockInterval)) s")
    return (bank, nodes)
  }

  private func startCoordinator(
    _ http: HTTPClient, nodes: [String], agentPort: Int
  ) async throws -> DemoPool {
    let port = settings.port == 0 ? try FreePort.find() : settings.port
    try await processes.start(
      "coordinator", .coordinator, try Executable.kalepool,
      [
        "coordinator", "--data", folder.coordinator, "--network", "devnet",
        "--http-host", Self.host, "--http-port", "\(port)", "--agent-host", Self.host,
        "--agent-port", "\(agentPort)", "--hand-over-ledgers", "\(settings.handOverLedgers)",
        "--poll-milliseconds", "\(settings.pollMilliseconds)",
      ] + nodes.flatMap { ["--rpc", $0] })
    var client = BridgeClient(url: "http://\(Self.host):\(port)", http: http)
    let starting = DemoPool(client: client)
    try await eventually("the coordinator", within: Self.startSeconds) {
      try await starting.isReady()
    }
    client.bearer = try DataFolder(path: folder.coordinator).operatorToken()
    return DemoPool(client: client)
  }

  private func settleFarmers(
    _ http: HTTPClient, _ pool: DemoPool, _ bank: DemoBank, _ pooler: API.Pooler
  ) async throws -> [DemoFarmer] {
    // One for all: whoever runs the demo may log in as any of its farmers.
    let password = Hex.encode(randomBytes(8))
    // In slow ledgers waiting is most of it.
    let atOnce = settings.speed <= 2 ? 250 : requestsAtOnceMax
    let desk = Gate(width: requestsAtOnceMax)
    let farmers = try await (1...settings.farmers).concurrently(atOnce: atOnce) { number in
      try await DemoFarmer(
        number: number, password: password,
        client: BridgeClient(url: pool.client.url, http: http), bank: bank, pooler: pooler,
        desk: desk, pause: .seconds(max(0.25, settings.ledgerInterval / 2)))
    }
    screen.line(
      "Farmers: \(farmers.count); log in on the page as farmer-1, password \(password)")
    return farmers
  }

  /// The searching threads give way to the devnet, the coordinator and the database.
  static let agentNice = 10

  /// Agents ask for the open block at once. So they are started early in one, and not in the first of
  /// all, which follows on no work and so has nothing to hash for.
  private func awaitEarlyBlock(_ pool: DemoPool) async throws {
    // Nobody opens blocks where nobody else farms.
    guard settings.outsideFarmers > 0 else { return }
    screen.status("waiting for a block to open")
    try await eventually("a new block", within: 3 * settings.blockInterval + Self.startSeconds) {
      guard let (index, age) = try await pool.openBlock() else { return false }
      return index > 0 && Double(age) < DemoSettings.blockSeconds / 4
    }
  }

  /// Started when every farmer is ready, so that the first block asked for has them all.
  private func startAgents(_ pool: DemoPool, _ pooler: API.Pooler, port: Int) async throws {
    let serverKey = try DataFolder(path: folder.coordinator).serverKey()
    for number in 1...settings.agents {
      let token = try await pool.enrolmentToken(pooler.id)
      try await processes.start(
        Self.agentName(number), .agent, try Executable.agent,
        [
          "--coordinator", "\(Self.host):\(port)", "--server-key", serverKey, "--token", token,
          "--name", Self.agentName(number), "--keys", folder.agentKeys(number), "--threads",
          "\(settings.threadsPerAgent)",
          // Bound threads of several agents would meet on the same processors.
          "--no-pin",
          // All else on this machine comes before the search, as it should on a pooler's.
          "--nice", "\(Self.agentNice)",
        ])
    }
    let wanted = settings.agents
    try await eventually("the agents", within: Self.startSeconds) {
      try await pool.agents().count(where: \.online) >= wanted
    }
    screen.line(
      "Agents: \(wanted) with \(settings.threadsPerAgent) threads each, of this machine's"
        + " \(ProcessInfo.processInfo.activeProcessorCount) cores")
  }
}
