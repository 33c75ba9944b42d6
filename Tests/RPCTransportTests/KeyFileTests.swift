import Foundation
import RPCTransport
import SecureChannel
import Testing

@Suite struct KeyFileTests {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
    "kalepool-keys-\(UUID().uuidString)")

  @Test func aKeyIsMadeOnceAndReadAgain() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("agent.key").path
    let made = try KeyFile.loadOrMake(path, owner: .agent)
    #expect(made.isNew)
    let again = try KeyFile.loadOrMake(path, owner: .agent)
    #expect(!again.isNew && again.pair.publicKey == made.pair.publicKey)
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
    #expect(mode as? Int == 0o600)
    #expect(throws: KeyFileError.self) { try KeyFile.save(made.pair, to: path) }
    #expect(throws: KeyFileError.self) { try KeyFile.load(path, owner: .server) }
  }

  @Test func aFileThatOthersMayReadIsRefused() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("agent.key").path
    _ = try KeyFile.loadOrMake(path, owner: .agent)
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
    #expect {
      try KeyFile.load(path, owner: .agent)
    } throws: { "\($0)".contains("chmod 600") }
  }

  @Test func aMissingFileIsOneLine() {
    #expect {
      try KeyFile.load("/nowhere/agent.key", owner: .agent)
    } throws: { "\($0)" == "cannot read /nowhere/agent.key: No such file or directory" }
  }
}
