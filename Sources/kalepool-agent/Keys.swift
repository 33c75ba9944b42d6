import Agent
import ArgumentParser
import SecureChannel

/// `kalepool-agent keys`: the agent's own key.
struct Keys: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show this agent's key, or change it.", subcommands: [Show.self, Rotate.self],
    defaultSubcommand: Show.self)

  struct Folder: ParsableArguments {
    @Option(help: ArgumentHelp("The folder of this agent's key.", valueName: "folder"))
    var keys = "certs"

    func opened() throws -> AgentKeys {
      do {
        let keys = try AgentKeys(folder: keys)
        if keys.isNew { StandardError.line("made \(AgentKeys.keyPath(in: self.keys))") }
        return keys
      } catch {
        StandardError.line("\(error)")
        throw ExitCode.failure
      }
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show the public key, A…, making the key if there is none.")

    @OptionGroup var folder: Folder

    func run() throws { print(try folder.opened().pair.publicText) }
  }

  struct Rotate: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make the next key and show its public half.",
      discussion: """
        The running agent (or the next one started) names it to the coordinator within seconds and \
        uses it from then on; no new enrolment is needed.
        """)

    @OptionGroup var folder: Folder

    func run() throws {
      let keys = try folder.opened()
      do { print(try keys.prepareNext().publicText) } catch {
        StandardError.line("\(error)")
        throw ExitCode.failure
      }
    }
  }
}
