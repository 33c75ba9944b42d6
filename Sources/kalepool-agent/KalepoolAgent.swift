import ArgumentParser
import Glibc

/// The pooler's program.
@main
struct KalepoolAgent: AsyncParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "kalepool-agent",
    abstract: "Hash for the farmers of a Kale pool on this machine.",
    discussion: """
      Holds no wallet key and needs one outgoing TCP connection. The first time, give it the token \
      that the pool's operator or your pooler page shows.
      """,
    version: version,
    subcommands: [Run.self, Keys.self, Bench.self, SelfTest.self],
    defaultSubcommand: Run.self)
}
