import Agent
import HashEngine
import Testing

/// What the terminal shows, from an engine's status with its figures set.
@Suite struct LiveLineTests {
  static func engine(
    jobs: Int, block: UInt32? = 124_526, best: Int? = nil, mean: Double = 0, atMax: Int = 0
  ) -> EngineStatus {
    var settings = HashEngine.Settings()
    settings.threads = 1
    var status = HashEngine(settings, onEnd: { _ in }, onImprovement: { _ in }).status()
    status.jobs = jobs
    status.block = jobs > 0 ? block : nil
    status.bestZeros = best
    status.meanZeros = mean
    status.jobsAtMaxZeros = atMax
    return status
  }

  @Test func working() {
    var line = LiveLine()
    var status = AgentStatus(engine: Self.engine(jobs: 40), block: 124_526)
    status.engine.deadline = status.engine.time + .seconds(152)
    #expect(line.text(status) == "block 124526 · 40 farmers · no nonce yet · 2:32 left")
    status.engine = Self.engine(jobs: 40, best: 7, mean: 5.44)
    status.engine.deadline = status.engine.time + .seconds(62)
    status.engine.hashes = 0
    _ = line.text(status)
    status.engine.time += .seconds(2)
    status.engine.hashes = 82_460_000
    #expect(
      line.text(status)
        == "block 124526 · 40 farmers · 41.2 MH/s · zeros 5.4, best 7 · 1:00 left")
  }

  @Test func oneFarmerWhoIsThereAndNoTimeLeft() {
    var line = LiveLine()
    var status = AgentStatus(
      engine: Self.engine(jobs: 1, best: 9, mean: 9, atMax: 1), block: 124_526)
    status.engine.deadline = status.engine.time - .seconds(1)
    #expect(
      line.text(status) == "block 124526 · 1 farmer · zeros 9.0, best 9 (all there) · time is up")
  }

  @Test func betweenBlocks() {
    var line = LiveLine()
    var status = AgentStatus(engine: Self.engine(jobs: 0), block: 7)
    status.nextOpenAt = status.engine.time + .seconds(9)
    #expect(line.text(status) == "block 7 · 0 farmers · next block in 0:09")
    status.engine.time += .seconds(10)
    #expect(line.text(status) == "block 7 · 0 farmers · 0 H/s · waiting for the next block")
  }

  @Test func withoutAConnection() {
    var line = LiveLine()
    #expect(line.text(AgentStatus(engine: Self.engine(jobs: 0))) == "not connected")
    var status = AgentStatus(engine: Self.engine(jobs: 3, best: 5, mean: 4))
    status.engine.time += .seconds(4)
    status.engine.hashes = 4_000
    #expect(line.text(status).hasPrefix("not connected · "))
    #expect(line.text(status).hasSuffix("H/s"))
  }
}
