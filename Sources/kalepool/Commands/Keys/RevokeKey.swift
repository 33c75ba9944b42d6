import ArgumentParser
import Bridge
import SecureChannel

struct RevokeKey: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke",
    abstract:
      "Shuts an agent out for good: its session ends within a second, its key is of no use.",
    discussion:
      "Its farmers go to the pooler's other agents. The machine may enrol again, with a new key.")

  @Argument(help: "The agent's public key, A…, as `kalepool agents --json` shows it.")
  var agent: String

  @OptionGroup var operation: OperatorOptions

  func run() async throws {
    do { _ = try KeyText.publicKey(agent, as: .agentPublic) } catch {
      throw CommandFailure("\(error)")
    }
    try await operation.client().checked("POST", "/api/v1/operator/agents/\(agent)/revocation")
    print("revoked \(agent)")
  }
}
