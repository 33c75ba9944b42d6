import Bytes
import Testing

@Suite struct BytesTests {
  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy"),
  ])
  func base64(plain: String, text: String) {
    #expect(Base64.encode(Array(plain.utf8)) == text)
    #expect(Base64.decode(text) == Array(plain.utf8))
  }

  @Test(arguments: ["Zg", "Zg=", "Zh==", "Zm9=", "====", "Z===", "Zm9v\n", "Zm 9"])
  func base64Refused(text: String) {
    #expect(Base64.decode(text) == nil)
  }

  @Test(arguments: [
    ("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foobar", "MZXW6YTBOI"),
  ])
  func base32(plain: String, text: String) {
    #expect(Base32.encode(Array(plain.utf8)) == text)
    #expect(Base32.decode(text) == Array(plain.utf8))
  }

  @Test(arguments: ["M", "MZX", "my", "MZ", "MY======", "M1"])
  func base32Refused(text: String) {
    #expect(Base32.decode(text) == nil)
  }

  @Test func hex() {
    #expect(Hex.encode([0, 0x9A, 0xFF]) == "009aff")
    #expect(Hex.decode("009AfF") == [0, 0x9A, 0xFF])
    #expect(Hex.decode("0") == nil)
    #expect(Hex.decode("0g") == nil)
  }

  @Test func crc16() {
    #expect(CRC16.xmodem(Array("123456789".utf8)) == 0x31C3)
  }

  @Test func bytes32() throws {
    let bytes = (0..<32).map { UInt8($0 * 8) }
    let value = try #require(Bytes32(bytes))
    #expect(value.bytes == bytes)
    #expect(Bytes32(hex: value.description) == value)
    #expect(Bytes32(bytes.dropLast()) == nil)
    #expect(Bytes32.zero < value)
  }
}
