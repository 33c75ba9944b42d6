import Foundation
import SecureChannel
import Testing

extension EndToEnd {
  /// `kalepool keys` on files as they lie in certs/.
  @Suite struct KeysCommand {
    @Test(arguments: [("agent", "A"), ("server", "H")])
    func makesKeysForTheirOwnerAlone(_ owner: String, _ letter: String) async throws {
      let folder = try ScratchFolder()
      let file = folder.path + "/one.key"
      let made = try await Program.kalepool.run(["keys", "make", owner, file])
      #expect(made.status == 0 && made.output.hasPrefix(letter), "\(made)")
      let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions]
      #expect((mode as? NSNumber)?.intValue == 0o600)
      let again = try await Program.kalepool.run(["keys", "make", owner, file])
      #expect(again.problem.contains(file), "\(again)")

      let key = made.output.trimmingCharacters(in: .whitespacesAndNewlines)
      for what in [file, key] {
        let shown = try await Program.kalepool.run(["keys", "show", what, "--json"])
        #expect(shown.output.contains(key) && shown.output.contains("\"\(owner)\""), "\(shown)")
      }
      chmod(file, 0o644)
      let open = try await Program.kalepool.run(["keys", "show", file])
      #expect(open.problem.contains("chmod 600"), "\(open)")
    }

    @Test func showsNothingButSoundPublicKeys() async throws {
      let pair = StaticKeyPair(owner: .agent)
      let changed =
        String(pair.publicText.dropLast()) + (pair.publicText.hasSuffix("A") ? "B" : "A")
      for text in [changed, pair.secretText, "/nonexistent"] {
        let shown = try await Program.kalepool.run(["keys", "show", text])
        #expect(shown.problem.count > 30 && !shown.errors.contains(pair.secretText), "\(shown)")
      }
    }

    @Test func rotatesTheCoordinatorsKeyInTwoSteps() async throws {
      let data = try ScratchFolder()
      let keys = data.path + "/keys"
      try FileManager.default.createDirectory(
        atPath: keys, withIntermediateDirectories: false)
      let early = try await Program.kalepool.run(["keys", "rotate", "--data", data.path])
      #expect(early.problem.contains("server.key"), "\(early)")
      _ = try await Program.kalepool.run(["keys", "make", "server", keys + "/server.key"])
      let none = try await Program.kalepool.run(["keys", "rotate", "--finish", "--data", data.path])
      #expect(none.problem.contains("server.key.next"), "\(none)")
      let begun = try await Program.kalepool.run(["keys", "rotate", "--data", data.path])
      let again = try await Program.kalepool.run(["keys", "rotate", "--data", data.path])
      #expect(begun.status == 0 && begun.output == again.output)
      let finished = try await Program.kalepool.run(
        ["keys", "rotate", "--finish", "--data", data.path])
      let shown = try await Program.kalepool.run(["keys", "show", keys + "/server.key"])
      #expect(finished.output == begun.output)
      #expect(shown.output.hasPrefix(finished.output.prefix(56)))
      #expect(try FileManager.default.contentsOfDirectory(atPath: keys) == ["server.key"])
    }

    @Test func printsThePublishedVectors() async throws {
      let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
      let printed = try await Program.kalepool.run(["vectors", "wire"])
      let published = try String(
        contentsOf: root.appendingPathComponent("Protos/vectors/wire.json"), encoding: .utf8)
      #expect(printed.output == published)
      let other = try await Program.kalepool.run(["vectors", "wire", "--seed", "other"])
      #expect(other.status == 0 && other.output != published)
    }
  }
}
