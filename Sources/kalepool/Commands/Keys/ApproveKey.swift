import ArgumentParser
import SecureChannel

struct ApproveKey: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "approve",
    abstract: "Lets an agent work that enrolled with a token of `kalepool enrol --approval`.",
    discussion: """
      Compare the key with the one that the machine itself shows: `kalepool-agent keys show`. Its \
      session ends, and the agent comes again at once.
      """)

  @Argument(help: "The agent's public key, A…, as `kalepool agents --json` shows it.")
  var agent: String

  @OptionGroup var operation: OperatorOptions

  func run() async throws {
    do { _ = try KeyText.publicKey(agent, as: .agentPublic) } catch {
      throw CommandFailure("\(error)")
    }
    try await operation.client().checked("POST", "/api/v1/operator/agents/\(agent)/approval")
    print("approved \(agent)")
  }
}
