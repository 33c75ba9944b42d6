import Agent
import ArgumentParser
import SecureChannel

/// `kalepool-agent keys`: the agent's own key.
struct Keys: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show this agent's public key, A…, making the key if there is none.")

  @Option(help: ArgumentHelp("The folder of this agent's key.", valueName: "folder"))
  var keys = "certs"

  func run() throws {
    do {
      let made = try AgentKeys(folder: keys)
      if made.isNew { StandardError.line("made \(AgentKeys.keyPath(in: keys))") }
      print(made.pair.publicText)
    } catch {
      StandardError.line("\(error)")
      throw ExitCode.failure
    }
  }
}
