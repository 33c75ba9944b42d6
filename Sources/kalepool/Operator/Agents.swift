import ArgumentParser
import Bridge
import Foundation

struct Agents: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows the agents: who is online, how fast, with how many farmers.")

  @OptionGroup var operation: OperatorOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let agents: Rows<API.AgentHealth> = try await operation.client().call(
      "GET", "/api/v1/operator/agents")
    if output.json { return try printJSON(agents) }
    guard !agents.rows.isEmpty else {
      return print("No agent has enrolled yet: make a token with `kalepool enrol --pooler ID`.")
    }
    var table = TextTable(
      .text("agent"), .text("name"), .number("pooler"), .text("state"), .text("last seen"),
      .number("ms"), .number("MH/s"), .number("threads"), .number("farmers"), .number("invalid"),
      .number("late"))
    for agent in agents.rows {
      table.add(
        String(agent.id.prefix(12)), agent.name, "\(agent.pooler.rawValue)",
        agent.state, agent.lastSeenAt?.description ?? "never",
        agent.roundTripMilliseconds.map { String(format: "%.1f", $0) } ?? "",
        String(format: "%.1f", agent.hashRate / 1e6), "\(agent.threads)", "\(agent.assignments)",
        "\(agent.noncesInvalid)", "\(agent.noncesLate)")
    }
    print(table.text)
  }
}
