import ArgumentParser
import Foundation
import RPCTransport
import SecureChannel

struct RotateKey: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate",
    abstract: "Changes the coordinator's channel key in two steps, so that no agent is shut out.",
    discussion: """
      First without --finish: the next key is made. The coordinator, started again, takes both and \
      announces the next one to its agents, who pin it. At least seven days later with --finish: the \
      next key takes the old one's place. After a theft this will not do, since the thief could \
      announce as well: pin agents anew by hand.

      An agent's key is changed on its own machine: kalepool-agent keys rotate.
      """)

  @Option(help: "The coordinator's data folder.")
  var data: String = DefaultFolder.data

  @Flag(help: "Put the next key in the old one's place.")
  var finish = false

  func run() throws {
    do throws(KeyFileError) {
      if finish { try finishRotation() } else { try begin() }
    } catch {
      throw CommandFailure(error.message)
    }
  }

  private var path: String { data + "/keys/server.key" }

  private func begin() throws(KeyFileError) {
    // Only beside a key that is in use is there one to follow it.
    _ = try KeyFile.load(path, owner: .server)
    let next = try KeyFile.loadOrMake(KeyFile.next(of: path), owner: .server)
    print(next.pair.publicText)
    note(
      next.isNew
        ? "made; start the coordinator again, and run this with --finish in seven days"
        : "was made before; run this with --finish when agents had seven days to learn of it")
  }

  private func finishRotation() throws(KeyFileError) {
    let next = try KeyFile.load(KeyFile.next(of: path), owner: .server)
    try KeyFile.move(KeyFile.next(of: path), to: path)
    print(next.publicText)
    note("is the coordinator's key from its next start on; the old one is gone")
  }

  private func note(_ text: String) {
    FileHandle.standardError.write(Data("\(text)\n".utf8))
  }
}
