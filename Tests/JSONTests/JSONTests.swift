import JSON
import Testing

@Suite struct JSONTests {
  @Test(arguments: [
    "null", "true", "[]", "{}", "\"\"", "0", "-0.5e+3", "[1,[2,[3]],{\"a\":\"b\"}]",
    "{\"a\":18446744073709551615,\"b\":\"\\u0001\\\"\\\\\"}",
  ])
  func roundTrips(text: String) throws {
    #expect(try JSONValue(parsing: text).text == text)
  }

  @Test func escapes() throws {
    #expect(
      try JSONValue(parsing: #""\u00e4\ud83e\udd6c\n\/\t""#).asString == "\u{e4}\u{1F96C}\n/\t")
  }

  @Test func spaceBetweenEverything() throws {
    let value = try JSONValue(parsing: " { \"a\" : [ 1 , true ] \r\n} ")
    #expect(value["a"]?.asArray?.count == 2)
  }

  @Test func numbersKeepTheirDigits() throws {
    let value = try JSONValue(parsing: "[9223372036854775807,\"-9223372036854775808\",1.5,1e2]")
    let items = try #require(value.asArray)
    #expect(items[0].asInteger() == Int64.max)
    #expect(items[1].asInteger() == Int64.min)
    #expect(items[0].asInteger(UInt8.self) == nil)
    #expect(items[2].asInteger(Int.self) == nil)
    #expect(items[3].asInteger(Int.self) == nil)
  }

  @Test(arguments: [
    "", " ", "nul", "truex", "[1,]", "[1 2]", "{\"a\"}", "{\"a\":}", "{a:1}", "{\"a\":1,}", "01",
    "-", "1.", ".5", "1e", "+1", "\"", "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"",
    "\"\\ud800\\u0041\"", "\"\u{1}\"", "[", "{", "[]]", "1 2", "\u{FEFF}1",
  ])
  func whatIsNoJSON(text: String) {
    #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
  }

  @Test func stringsAreUTF8() {
    #expect(throws: JSONError.self) { try JSONValue(parsing: [0x22, 0xFF, 0x22]) }
  }

  @Test func nestingHasALimit() throws {
    _ = try JSONValue(
      parsing: String(repeating: "[", count: 64) + String(repeating: "]", count: 64))
    #expect(throws: JSONError.self) {
      try JSONValue(parsing: String(repeating: "[", count: 1_000_000))
    }
  }

  @Test func ofTwoMembersTheLastCounts() throws {
    #expect(try JSONValue(parsing: "{\"a\":1,\"a\":2}")["a"] == 2)
  }

  @Test func damagedTextsNeverCrash() {
    let good = Array(
      #"{"jsonrpc":"2.0","id":1,"result":{"entries":[{"key":"AAA=","n":-1.5e3,"s":"\u00e4\ud83e\udd6c"}],"ok":true}}"#
        .utf8)
    var random = SystemRandomNumberGenerator()
    for _ in 0..<20_000 {
      var bytes = good
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255)
      }
      guard let value = try? JSONValue(parsing: bytes) else { continue }
      #expect((try? JSONValue(parsing: value.bytes)) == value)
    }
  }
}
