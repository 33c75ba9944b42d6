import ArgumentParser
import Custody
import Foundation

struct Keys: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Makes, shows, rotates and revokes keys. See certs/README.md for where they live.",
    subcommands: [
      MakeKey.self, ShowKey.self, RotateKey.self, ApproveKey.self, RevokeKey.self, Master.self,
      Server.self,
    ])

  struct Master: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Makes a master key of custody in a new file that only you can read.",
      discussion: "Back it up apart from the database: without it no wallet can sign.")

    @Argument(help: "The file to make.")
    var file: String

    func run() throws {
      try MasterKeyRing.createFile(file)
      print("made \(file)")
    }
  }

  struct Server: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Shows the coordinator's public key, which agents are told.")

    @Option(help: "The coordinator's data folder.")
    var data: String = DefaultFolder.data

    func run() throws {
      let file = data + "/keys/server.pub"
      guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
        throw CommandFailure("\(file) cannot be read: the coordinator makes it at its first start")
      }
      print(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }
  }
}
