import Bridge
import Foundation

/// The blocks of a demo: shown as they go by, and ended as asked.
struct DemoMatch {
  let settings: DemoSettings
  let processes: DemoProcesses
  let pool: DemoPool
  let farmers: [DemoFarmer]
  /// Nil: none are switched on.
  let faults: DemoFaults?
  private let screen: Screen
  private var table: DemoTable
  /// Farmers that the killed agent had; nil while none is killed.
  private var moved: Int?
  /// Every block that was shown, as it was last.
  private var rows: [UInt32: API.BlockAnalytics] = [:]
  /// So many farmers, from the first on, have asked to leave.
  private var leavers = 0

  /// How often the figures are read.
  private static let pause: Duration = .milliseconds(200)
  /// How long, in blocks, the first planting and the end may take, and the seconds on top.
  private static let blocksOfPatience = 4.0
  private static let secondsOfPatience = 120.0

  init(
    settings: DemoSettings, screen: Screen, processes: DemoProcesses, pool: DemoPool,
    farmers: [DemoFarmer], faults: DemoFaults?
  ) {
    self.settings = settings
    self.screen = screen
    self.processes = processes
    self.pool = pool
    self.farmers = farmers
    self.faults = faults
    table = DemoTable(screen)
  }

  mutating func play() async throws -> DemoReport {
    guard let blocks = settings.blocks else {
      while true { _ = try await turn() }
    }
    var report = DemoReport(settings: settings)
    let planted = try await plant(blocks)
    try await faults?.stop()
    if planted { try await endPlanting() }
    let settled = try await until(patience(blocks: 0)) { [settings] in
      $0.isSettled && $0.exits >= settings.leavers
    }
    try await table.finish(try await pool.newestBlocks(), farmers: farmers)
    if !planted {
      report.overdue = "the plantings of \(blocks) blocks did not come in time"
    } else if !settled {
      report.overdue = "harvests or the exit did not end in time"
    }
    report.farmersMoved = moved
    report.faults = await faults?.results ?? []
    report.chain = try await faults?.chain(Set(farmers.map(\.wallet)))
    report.figures = try await pool.figures()
    report.blocks = try await pool.blockCount()
    report.wanted = rows.values.reduce(0) { $0 + $1.wanted }
    report.auditDifferences = try await pool.audit().differences.count
    return report
  }

  /// Until the plantings of so many blocks have come about or not; false: they did not in time.
  private mutating func plant(_ blocks: Int) async throws -> Bool {
    let killAt = settings.farmers * (blocks - 1)
    let deadline = patience(blocks: Double(blocks))
    while ContinuousClock.now < deadline {
      let figures = try await turn()
      if try await faults?.turn() == true, leavers < settings.leavers {
        try await farmers[leavers].leave()
        leavers += 1
      }
      if settings.killAgent && moved == nil && figures.planted > killAt { try await killAgent() }
      // All plants may be confirmed in one ledger, before the agents have their farmers.
      if settings.killAgent && moved == nil { continue }
      let asked = rows.values.filter { $0.wanted > 0 }
      if asked.count >= blocks, asked.allSatisfy(\.isPlanted) { return true }
    }
    return false
  }

  /// Kills the last agent as soon as it has farmers, and waits until the others have them.
  private mutating func killAgent() async throws {
    let name = DemoStage.agentName(settings.agents)
    guard let victim = try await pool.agents().first(where: { $0.name == name }),
      victim.assignments > 0
    else { return }
    await processes.kill(name)
    moved = victim.assignments
    try await eventually("the move of \(name)'s farmers", within: settings.blockInterval) {
      [pool, settings] in
      let others = try await pool.agents().filter { $0.id != victim.id }
      return others.map(\.assignments).reduce(0, +) >= settings.farmers
    }
    screen.line("Killed \(name); the others have its \(victim.assignments) farmers")
  }

  /// From the next block on nothing is planted; the leaver asks instead.
  private func endPlanting() async throws {
    let exitOne = settings.exitOne
    _ = try await Array(farmers.enumerated().dropFirst(leavers)).concurrently { index, farmer in
      if exitOne && index == 0 { try await farmer.leave() } else { try await farmer.pause() }
    }
  }

  private mutating func until(
    _ deadline: ContinuousClock.Instant, _ condition: (DemoFigures) -> Bool
  ) async throws -> Bool {
    while ContinuousClock.now < deadline {
      if condition(try await turn()) { return true }
    }
    return false
  }

  /// Reads the figures and shows the blocks.
  private mutating func turn() async throws -> DemoFigures {
    try await Task.sleep(for: Self.pause)
    let figures = try await pool.figures()
    let newest = try await pool.newestBlocks()
    for row in newest { rows[row.block] = row }
    try await table.show(newest, farmers: farmers)
    return figures
  }

  private func patience(blocks: Double) -> ContinuousClock.Instant {
    let seconds = (blocks + Self.blocksOfPatience) * settings.blockInterval
    return .now + .seconds(seconds + Self.secondsOfPatience)
  }
}
