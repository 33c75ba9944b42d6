import Bytes
import Glibc
import Sodium

/// The master keys by version: the highest seals, all of them open.
///
/// Text form: a line for each key, `VERSION HEX` with 64 hex digits; empty lines and lines that
/// begin with `#` do not count. A single line of hex alone is version 1.
package struct MasterKeyRing: Sendable, CustomStringConvertible {
  package let current: UInt32
  private let keys: [UInt32: SecretBytes]

  /// Reads the keys of `source` and tests each.
  package static func load(_ source: MasterKeySource) throws(CustodyError) -> MasterKeyRing {
    var text = try source.read()
    defer { wipe(&text) }
    return try MasterKeyRing(text: text, source: source)
  }

  init(text: [UInt8], source: MasterKeySource) throws(CustodyError) {
    var keys: [UInt32: SecretBytes] = [:]
    for line in text.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
      let words = line.split(whereSeparator: { $0 == 0x20 || $0 == 0x09 })
      guard let first = words.first, first.first != UInt8(ascii: "#") else { continue }
      let versionText = words.count == 2 ? String(decoding: first, as: UTF8.self) : "1"
      guard words.count <= 2, let version = UInt32(versionText), version > 0,
        keys[version] == nil, let hex = words.last, hex.count == 2 * AEAD.keyBytes,
        var key = Self.decode(hex: hex)
      else {
        throw source.problem("is not a key file: each line is a new version and 64 hex digits")
      }
      // A key of few different bytes was typed, not drawn: 32 random bytes have about 30.
      guard Set(key).count >= 16 else {
        wipe(&key)
        throw source.problem("holds a key that is not random: use `kalepool keys master`")
      }
      keys[version] = SecretBytes(moving: &key)
    }
    guard let current = keys.keys.max() else { throw source.problem("holds no key") }
    self.keys = keys
    self.current = current
    for version in keys.keys where !passesSelfTest(version) {
      throw source.problem("holds a key (version \(version)) that fails its self-test")
    }
  }

  package var versions: [UInt32] { keys.keys.sorted() }

  package var description: String { "MasterKeyRing(versions \(versions))" }

  func key(_ version: UInt32) -> SecretBytes? { keys[version] }

  /// Seals and opens a text, and finds a changed binding out.
  private func passesSelfTest(_ version: UInt32) -> Bool {
    guard let key = keys[version] else { return false }
    let text = randomBytes(32)
    return key.withBytes { key in
      let sealed = text.withUnsafeBufferPointer { text in
        AEAD.seal(text, key: key, associated: [1])
      }
      return AEAD.open(sealed, key: key, associated: [1]) == text
        && AEAD.open(sealed, key: key, associated: [2]) == nil
    }
  }

  /// Makes a new key file, mode 0600; one that exists is never touched.
  package static func createFile(_ path: String, version: UInt32 = 1) throws(CustodyError) {
    let source = MasterKeySource.file(path)
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else {
      throw source.problem("cannot be made: \(String(cString: strerror(errno)))")
    }
    defer { close(file) }
    var key = randomBytes(AEAD.keyBytes)
    var line = Array("\(version) ".utf8) + Self.encode(hex: key) + [0x0A]
    defer {
      wipe(&key)
      wipe(&line)
    }
    guard write(file, line, line.count) == line.count, fsync(file) == 0 else {
      throw source.problem("cannot be written: \(String(cString: strerror(errno)))")
    }
  }

  // Bytewise, so that no String with a key's digits is left in memory.

  private static func decode(hex: ArraySlice<UInt8>) -> [UInt8]? {
    var out: [UInt8] = []
    out.reserveCapacity(hex.count / 2)
    var high: UInt8?
    for digit in hex {
      let value: UInt8
      switch digit {
      case 0x30...0x39: value = digit - 0x30
      case 0x41...0x46: value = digit - 0x41 + 10
      case 0x61...0x66: value = digit - 0x61 + 10
      default: return nil
      }
      if let first = high {
        out.append(first << 4 | value)
        high = nil
      } else {
        high = value
      }
    }
    return high == nil ? out : nil
  }

  private static func encode(hex bytes: [UInt8]) -> [UInt8] {
    let digits = Array("0123456789abcdef".utf8)
    return bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
  }
}
