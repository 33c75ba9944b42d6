import ArgumentParser
import Bytes
import Foundation
import RPCTransport
import SecureChannel

struct ShowKey: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Shows the public key of a key file, or says what a public key in text is.")

  @Argument(help: "A key file, or a public key: A… or H….")
  var key: String

  @OptionGroup var output: OutputOptions

  private struct Shown: Encodable {
    var kind: String
    var publicKey: String
  }

  func run() throws {
    let shown = try found()
    if output.json { return try printJSON(shown) }
    print("\(shown.publicKey)  \(shown.kind)")
  }

  private func found() throws -> Shown {
    if FileManager.default.fileExists(atPath: key) { return try ofFile() }
    for kind in [KeyKind.agentPublic, .serverPublic] {
      guard let bytes = try? KeyText.publicKey(key, as: kind) else { continue }
      return Shown(
        kind: kind == .agentPublic ? "agent" : "server",
        publicKey: KeyText.encode(kind, bytes.bytes))
    }
    for kind in [KeyKind.agentSecret, .serverSecret, .enrolmentToken]
    where (try? KeyText.decode(key, as: kind)) != nil {
      throw CommandFailure(
        "this is \(kind.name): it belongs in a file of mode 0600, not on a command line that others see"
      )
    }
    throw CommandFailure(
      "this is neither a file nor a sound public key: one has 56 characters and begins with A or H")
  }

  private func ofFile() throws -> Shown {
    var problem = ""
    for owner in [StaticKeyPair.Owner.agent, .server] {
      do throws(KeyFileError) {
        let pair = try KeyFile.load(key, owner: owner)
        return Shown(kind: owner == .agent ? "agent" : "server", publicKey: pair.publicText)
      } catch {
        // Of the two reasons the one that names another kind of key says less.
        if problem.isEmpty || problem.contains("it is ") { problem = error.message }
      }
    }
    throw CommandFailure(problem)
  }
}
