import Bridge
import Foundation
import Logging
import RPCBench

/// One run of ``BenchReconnect``.
struct ReconnectRun: Sendable {
  let agents: Int
  let addresses: Int
  let poolers: Int
  let kills: Int
  let soakSeconds: Int
  let screen: Screen
  let stage: BenchStage

  func play() async throws -> ReconnectFigures {
    var process = try await stage.startCoordinator()
    try await stage.waitUntilReady()
    let tokens = try await stage.issueTokens(agents, poolers: poolers)
    var quiet = Logger(label: "fleet")
    quiet.logLevel = .critical
    let fleet = AgentFleet(coordinator: try stage.coordinator, logger: quiet)
    let addresses = addresses
    return try await withThrowingTaskGroup(of: Void.self) { group in
      defer { group.cancelAll() }
      let memory = ProcessUsage(of: process).memoryBytes
      let began = ContinuousClock.now
      group.addTask { await fleet.run(tokens: tokens, addresses: addresses) }
      try await all(fleet, "enrolled")
      var figures = ReconnectFigures(agents: agents, enrolSeconds: Self.seconds(since: began))
      figures.coordinatorBytesPerAgent =
        (ProcessUsage(of: process).memoryBytes - memory) / agents
      screen.line("enrolled and at work: \(agents) agents in \(figures.enrolSeconds) s")
      for _ in 0..<kills {
        let (kill, next) = try await kill(fleet)
        figures.kills.append(kill)
        process = next
      }
      if soakSeconds > 0 { figures.soak = try await soak(fleet, process) }
      // They have been back for a moment: nobody was thrown out again.
      try await Task.sleep(for: .seconds(2))
      let rows = try await stage.pool.agents()
      figures.known = rows.count
      figures.online = rows.count(where: \.online)
      figures.refusals = fleet.now.refusals
      return figures
    }
  }

  /// What the kill came to, and the new coordinator.
  private func kill(_ fleet: AgentFleet) async throws -> (ReconnectFigures.Kill, pid_t) {
    let before = fleet.now
    let killed = ContinuousClock.now
    await stage.processes.kill("coordinator")
    let started = ContinuousClock.now
    let process = try await stage.startCoordinator()
    try await stage.waitUntilReady()
    let ready = ContinuousClock.now
    try await all(fleet, "back", sessions: before.sessions + agents)
    let kill = ReconnectFigures.Kill(
      untilReady: (ready - killed) / .seconds(1),
      allBackAfterStart: Self.seconds(since: started),
      allBackAfterReady: Self.seconds(since: ready),
      failedAttempts: fleet.now.failures - before.failures,
      coordinatorCPUSeconds: ProcessUsage(of: process).cpuSeconds)
    screen.line("back: \(kill)")
    return (kill, process)
  }

  private static let soakReadings = 60

  private func soak(_ fleet: AgentFleet, _ process: pid_t) async throws -> ReconnectFigures.Soak {
    let (sessions, cpu) = (fleet.now.sessions, ProcessUsage(of: process).cpuSeconds)
    var bytes = [ProcessUsage(of: process).memoryBytes]
    for _ in 0..<Self.soakReadings {
      try await Task.sleep(for: .seconds(soakSeconds) / Self.soakReadings)
      bytes.append(ProcessUsage(of: process).memoryBytes)
      screen.status("\(bytes.count - 1) of \(Self.soakReadings) readings: \(bytes.last ?? 0) bytes")
    }
    let half = bytes.suffix(Self.soakReadings / 2).map(Double.init)
    let hours = Double(soakSeconds) / Double(Self.soakReadings) / 3_600
    let (middle, mean) = (Double(half.count - 1) / 2, half.reduce(0, +) / Double(half.count))
    let pairs = half.enumerated().map { (x: Double($0.offset) - middle, y: $0.element - mean) }
    let slope = pairs.reduce(0) { $0 + $1.x * $1.y } / pairs.reduce(0) { $0 + $1.x * $1.x }
    return ReconnectFigures.Soak(
      seconds: soakSeconds, coordinatorBytes: bytes,
      growthPercentPerHour: 100 * slope / hours / mean,
      sessionsLost: fleet.now.sessions - sessions,
      coordinatorCPUSeconds: ProcessUsage(of: process).cpuSeconds - cpu)
  }

  /// Waits until every agent has its assignments, in at least so many sessions.
  private func all(_ fleet: AgentFleet, _ what: String, sessions: Int = 0) async throws {
    let agents = agents
    try await eventually(
      "all agents \(what)", within: BenchStage.waitSeconds, every: .milliseconds(20)
    ) {
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
