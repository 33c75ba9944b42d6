import ArgumentParser
import RPCTransport
import SecureChannel

struct MakeKey: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "make",
    abstract:
      "Makes a channel key in a new file that only you can read, and shows its public half.",
    discussion: """
      Coordinator and agents make their own at the first start; this is for keys that are made \
      elsewhere and carried there. A file that exists is never touched.
      """)

  enum Owner: String, CaseIterable, ExpressibleByArgument {
    case agent
    case server

    var pair: StaticKeyPair.Owner { self == .agent ? .agent : .server }
  }

  @Argument(help: "Whose key: agent or server (the coordinator).")
  var owner: Owner

  @Argument(help: "The file to make, such as certs/agent.key.")
  var file: String

  func run() throws {
    let pair = StaticKeyPair(owner: owner.pair)
    do { try KeyFile.save(pair, to: file) } catch { throw CommandFailure(error.message) }
    print(pair.publicText)
  }
}
