import Custody
import Foundation
import Glibc
import Testing

@Suite struct MasterKeyTests {
  static let good = "00112233445566778899aabbccddeeff0123456789abcdefFEDCBA9876543210"

  @Test func aNewFileLoads() throws {
    let folder = try KeyFolder()
    let path = folder.file("master.key")
    try MasterKeyRing.createFile(path)
    var status = stat()
    stat(path, &status)
    #expect(status.st_mode & 0o777 == 0o600)
    let ring = try MasterKeyRing.load(.file(path))
    #expect(ring.versions == [1] && ring.current == 1)
    #expect(throws: CustodyError.self) { try MasterKeyRing.createFile(path) }
    #expect(!"\(ring)".contains("SecretBytes"))
  }

  @Test func theHighestVersionIsCurrent() throws {
    let folder = try KeyFolder()
    let path = try folder.write("# ours\n\n3 \(Self.good)\n  1\t\(Self.good)\r\n")
    let ring = try MasterKeyRing.load(.file(path))
    #expect(ring.versions == [1, 3] && ring.current == 3)
  }

  @Test func aBareKeyIsVersionOne() throws {
    let folder = try KeyFolder()
    #expect(try MasterKeyRing.load(.file(folder.write(Self.good))).versions == [1])
  }

  @Test(arguments: [
    "", "# nothing", String(good.dropLast()), good + "0", "0 " + good, "-1 " + good,
    "x " + good, "1 " + good + " more", "1 \(good)\n1 \(good)", "4294967296 " + good,
    "g" + good.dropFirst(), String(repeating: "0", count: 64), String(repeating: "ab", count: 32),
    String(repeating: "0123456789abcdef", count: 4), String(repeating: "#\n", count: 9_000),
  ])
  func unusableKeysAreRefused(_ text: String) throws {
    let folder = try KeyFolder()
    let path = try folder.write(text)
    let error = #expect(throws: CustodyError.self) { try MasterKeyRing.load(.file(path)) }
    #expect(error?.code == .masterKey)
    #expect(error?.message.contains(path) == true)
    #expect(error?.message.contains(Self.good) == false)
  }

  @Test(arguments: [0o640, 0o604, 0o660, 0o644, 0o620])
  func filesForOthersAreRefused(_ mode: Int) throws {
    let folder = try KeyFolder()
    let path = try folder.write(Self.good, mode: mode)
    let error = #expect(throws: CustodyError.self) { try MasterKeyRing.load(.file(path)) }
    #expect(error?.message.contains("chmod 600") == true)
  }

  @Test func whatIsNoFileIsRefused() throws {
    let folder = try KeyFolder()
    for path in [folder.file("none"), folder.path, "/dev/zero"] {
      let error = #expect(throws: CustodyError.self) { try MasterKeyRing.load(.file(path)) }
      #expect(error?.code == .masterKey)
    }
  }

  @Test func environmentAndCredential() throws {
    // Names of this test's own: the environment is the whole process's.
    setenv("KALEPOOL_TEST_KEY", "2 " + Self.good, 1)
    defer { unsetenv("KALEPOOL_TEST_KEY") }
    #expect(try MasterKeyRing.load(.environment("KALEPOOL_TEST_KEY")).current == 2)
    #expect(throws: CustodyError.self) {
      try MasterKeyRing.load(.environment("KALEPOOL_TEST_NO_KEY"))
    }

    #expect(throws: CustodyError.self) { try MasterKeyRing.load(.systemdCredential("key")) }
    let folder = try KeyFolder()
    _ = try folder.write("7 " + Self.good, mode: 0o440)
    setenv("CREDENTIALS_DIRECTORY", folder.path, 1)
    defer { unsetenv("CREDENTIALS_DIRECTORY") }
    #expect(try MasterKeyRing.load(.systemdCredential("key")).current == 7)
    #expect(throws: CustodyError.self) { try MasterKeyRing.load(.systemdCredential("other")) }
  }
}

/// A folder that goes when the test ends.
final class KeyFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "custody-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }

  func write(_ text: String, mode: Int = 0o600) throws -> String {
    let file = file("key")
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    chmod(file, mode_t(mode))
    return file
  }
}
