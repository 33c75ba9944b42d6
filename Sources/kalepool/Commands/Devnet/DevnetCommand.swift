import ArgumentParser

struct DevnetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "devnet",
    abstract: "Runs a Stellar network of its own: RPC nodes, friendbot, KALE and our contracts.",
    discussion: """
      Everything is in memory and gone at the end. Beside the RPC's methods there are GET \
      /friendbot?addr=G… and, over JSON-RPC, the devnet's own, which the other subcommands call.
      """,
    subcommands: [
      DevnetRun.self, DevnetFault.self, DevnetHeal.self, DevnetAdvance.self, DevnetClock.self,
      DevnetSnapshot.self, DevnetRestore.self,
      DevnetStateCommand.self,
    ],
    defaultSubcommand: DevnetRun.self)
}
