import Bytes
import KaleRules
import Pool
import Simulation
import Testing

@Suite struct SimulationTests {
  static func settings(_ faults: FaultPlan, blocks: Int = 12) -> SimulationSettings {
    var settings = SimulationSettings()
    settings.blocks = blocks
    settings.farmers = 6
    settings.agents = 3
    settings.faults = faults
    return settings
  }

  @Test(arguments: [1, 2, 3] as [UInt64]) func fairWeatherBreaksNothing(seed: UInt64) {
    let report = Simulation(seed: seed, settings: Self.settings(.none)).run()
    #expect(report.violations == [])
    for transition: Transition in [.planted, .worked, .harvested, .splitPaid, .closed] {
      #expect(report.transitions[transition, default: 0] > 0, "\(transition)")
    }
    #expect(report.transitions[.lostByTreasury] == nil)
    #expect(report.faults == [:])
  }

  @Test func oneSeedIsOneCourse() async {
    let batch = SimulationBatch(settings: Self.settings(.all), seeds: 5..<9, threads: 2)
    let first = await batch.run(began: { _ in }, ended: { _ in })
    let second = await batch.run(began: { _ in }, ended: { _ in })
    #expect(first.traceHash == second.traceHash)
    #expect(first.json == second.json)
    #expect(Set(first.reports.map(\.trace)).count == 4)
  }

  @Test func faultsByName() {
    #expect(FaultPlan("all")?.enabled.count == Fault.allCases.count)
    #expect(FaultPlan("none")?.enabled == [])
    #expect(FaultPlan("agentCrash,nodeLags")?.enabled == [.agentCrash, .nodeLags])
    #expect(FaultPlan("agentCrash,nonsense") == nil)
  }
}
