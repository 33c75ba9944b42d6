import Strategy
import Testing

/// A short comparison on the devnet; the long one is `kalepool bench strategy`.
@Suite struct StrategyTests {
  static func settings(blocks: Int) -> StrategySettings {
    var settings = StrategySettings()
    settings.blocks = blocks
    settings.hashesEach = 20_000
    return settings
  }

  @Test func thePoolEarnsMoreThanThePlainPolicy() throws {
    let settings = Self.settings(blocks: 6)
    let policies = try StrategyPolicy.allCases.map { policy in
      var run = try StrategyRun(settings, policy)
      return try run.play()
    }
    let report = StrategyReport(settings: settings, policies: policies)
    #expect(report.ratio > 1.1, "\(report.json)")
    for policy in policies {
      #expect(policy.blocks == 6 && policy.planted == 60, "\(report.json)")
      #expect(policy.reward > 0 && policy.reward <= policy.hindsight, "\(report.json)")
    }
    #expect(report[.pool].ofHindsight > 0.9, "\(report.json)")
  }

  @Test func theSameSeedIsTheSameCourse() throws {
    let reports = try (0..<2).map { _ in
      var run = try StrategyRun(Self.settings(blocks: 2), .pool)
      return try run.play()
    }
    #expect(reports[0].reward == reports[1].reward)
    #expect(reports[0].zeros == reports[1].zeros)
  }
}
