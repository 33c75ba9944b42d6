import Logging
import RPCBench
import RPCTransport
import SecureChannel

/// One run of ``BenchAttack``.
struct AttackRun: Sendable {
  let sockets: Int
  let addresses: Int
  let agents: Int
  let time: Duration
  let screen: Screen
  let stage: BenchStage

  /// Enough to fill what handshakes may take of the coordinator.
  private static let floodThreads = 8
  private static let connectInterval = Duration.milliseconds(100)

  func play() async throws -> AttackFigures {
    let process = try await stage.startCoordinator()
    try await stage.waitUntilReady()
    let coordinator = try stage.coordinator
    let tokens = try await stage.issueTokens(agents + 1, poolers: 1)
    var quiet = Logger(label: "probe")
    quiet.logLevel = .critical
    let probe = try await PingProbe(
      coordinator, tokens: Array(tokens.dropFirst()), logger: quiet)
    let visitor = StaticKeyPair(owner: .agent)
    try await PingProbe.connect(coordinator, key: visitor, token: tokens[0], logger: quiet).close()

    return try await withThrowingTaskGroup(of: Void.self) { group in
      defer { group.cancelAll() }
      group.addTask { await probe.run() }
      try await Task.sleep(for: time / 2)
      _ = probe.take()
      let cpu = ProcessUsage(of: process).cpuSeconds
      try await Task.sleep(for: time)
      let aloneCPU = ProcessUsage(of: process).cpuSeconds - cpu
      var figures = AttackFigures(alone: probe.take())
      screen.line("alone: \(figures.alone)")

      let halfOpen = HalfOpenSockets(port: coordinator.port, count: sockets, addresses: addresses)
      halfOpen.start()
      try await eventually("the half-open sockets", within: 60) { halfOpen.now.opened >= sockets }
      _ = probe.take()
      let connects = try await connectAgainAndAgain(coordinator, visitor, quiet)
      figures.halfOpen = AttackFigures.HalfOpen(
        sockets: halfOpen.now,
        coordinatorPeakMiB: Double(ProcessUsage(of: process).peakResidentBytes) / 1_048_576,
        connects: connects.count, connectP50Ms: connects[connects.count / 2],
        connectMostMs: connects.last ?? 0, calls: probe.take())
      halfOpen.stop()
      screen.line("half-open: \(figures.halfOpen.map { "\($0)" } ?? "")")

      for kind in HandshakeFlood.Kind.allCases {
        // What the one before left is over.
        try await Task.sleep(for: .seconds(6))
        figures.floods.append(try await flood(kind, coordinator, process, probe, aloneCPU))
        screen.line("flood: \(figures.floods.last.map { "\($0)" } ?? "")")
      }
      return figures
    }
  }

  /// Milliseconds, sorted.
  private func connectAgainAndAgain(
    _ coordinator: CoordinatorAddress, _ key: StaticKeyPair, _ log: Logger
  ) async throws -> [Double] {
    var times: [Double] = []
    let end = ContinuousClock.now + time
    while ContinuousClock.now < end {
      let began = ContinuousClock.now
      let session = try await PingProbe.connect(coordinator, key: key, logger: log)
      times.append((ContinuousClock.now - began) / .milliseconds(1))
      session.close()
      try await Task.sleep(for: Self.connectInterval)
    }
    return times.sorted()
  }

  private func flood(
    _ kind: HandshakeFlood.Kind, _ coordinator: CoordinatorAddress, _ process: Int32,
    _ probe: PingProbe, _ aloneCPU: Double
  ) async throws -> AttackFigures.Flood {
    let flood = HandshakeFlood(
      kind, port: coordinator.port, serverKey: coordinator.serverKeys[0], addresses: addresses)
    _ = probe.take()
    let cpu = ProcessUsage(of: process).cpuSeconds
    let began = ContinuousClock.now
    flood.start(threads: Self.floodThreads)
    try await Task.sleep(for: time)
    let now = flood.now
    let seconds = (ContinuousClock.now - began) / .seconds(1)
    let cpuSeconds = ProcessUsage(of: process).cpuSeconds - cpu - aloneCPU
    let calls = probe.take()
    flood.stop()
    return AttackFigures.Flood(
      kind: kind, handled: now.handled, turnedAway: now.turnedAway,
      perSecond: Double(now.handled) / seconds, perCPUSecond: Double(now.handled) / cpuSeconds,
      calls: calls)
  }
}
