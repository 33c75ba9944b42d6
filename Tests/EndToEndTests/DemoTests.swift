import Foundation
import Testing

extension EndToEnd {
  /// The whole product, as its users run it.
  @Suite(.timeLimit(.minutes(10))) struct DemoCommand {
    @Test func farmsToTheStroopAndHidesEverySeed() async throws {
      let folder = try ScratchFolder()
      let result = try await demo(
        ["--blocks", "2", "--farmers", "3", "--agents", "2", "--exit-one", "--keep"], folder)
      try expect(
        result,
        [
          "blocks": 2, "farmers": 3, "agents": 2, "planted": 6, "worked": 6, "harvested": 6,
          "stake_losses": 0, "exits": 1, "audit_differences": 0,
        ])
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      let data = folder.path + "/" + (try #require(names.first))
      try await SeedSearch(folder: data).findsNothing()
    }

    @Test func losesNothingWithAKilledAgent() async throws {
      let folder = try ScratchFolder()
      let result = try await demo(
        ["--blocks", "2", "--farmers", "4", "--agents", "2", "--kill-agent"], folder)
      let figures = try expect(
        result,
        [
          "blocks": 2, "planted": 8, "worked": 8, "harvested": 8, "stake_losses": 0, "exits": 0,
          "audit_differences": 0, "agents_killed": 1,
        ])
      #expect((figures["farmers_moved"] ?? 0) > 0)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    private func demo(
      _ arguments: [String], _ folder: ScratchFolder
    ) async throws -> RunningProgram.Result {
      let result = try await Program.kalepool.run(
        ["demo", "--json", "--port", "0"] + arguments, environment: ["TMPDIR": folder.path])
      #expect(result.status == 0, "\(result.errors)")
      #expect(try folder.users().isEmpty, "a process is left")
      return result
    }

    @discardableResult private func expect(
      _ result: RunningProgram.Result, _ figures: [String: Int]
    ) throws -> [String: Int] {
      let found = try JSONDecoder().decode([String: Int].self, from: Data(result.lastLine.utf8))
      for (name, value) in figures { #expect(found[name] == value, "\(name)") }
      #expect((found["reward_stroops"] ?? 0) > 0)
      return found
    }
  }
}
