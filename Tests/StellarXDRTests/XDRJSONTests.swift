import Bytes
import Foundation
import JSON
import StellarXDR
import Testing

@Suite struct XDRJSONTests {
  /// Type, XDR and JSON as another library has them; see Samples/generate.
  static func samples() throws -> [(type: String, xdr: [UInt8], json: String)] {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Samples/xdr-json.txt")
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { line in
      let parts = line.split(separator: "\t").map(String.init)
      try #require(parts.count == 3)
      return (parts[0], try #require(Base64.decode(parts[1])), parts[2])
    }
  }

  @Test func everyTypeAsAnotherLibraryHasIt() throws {
    let samples = try Self.samples()
    // Protocol 30's own type is not in the other library yet.
    #expect(
      Set(samples.map(\.type)) == Set(XDRJSON.typeNames).subtracting(["MuxedContract"]))
    for (type, xdr, json) in samples {
      do {
        let written = try XDRJSON.json(xdr, as: type)
        #expect(
          try JSONValue(parsing: written) == JSONValue(parsing: json), "\(type) \(written) \(json)")
        #expect(try XDRJSON.xdr(json, as: type) == xdr, "\(type) \(json)")
      } catch {
        Issue.record("\(type): \(error) (\(json))")
      }
    }
    print("XDR JSON: \(samples.count) samples of \(XDRJSON.typeNames.count) types")
  }

  @Test func membersStandInTheOrderOfTheFields() throws {
    let xdr = try #require(Base64.decode("AAAABA=="))
    #expect(try XDRJSON.json(xdr, as: "MemoType") == "\"return\"")
    let bounds = [UInt8](repeating: 0, count: 7) + [5] + [UInt8](repeating: 0, count: 7) + [9]
    #expect(
      try XDRJSON.json(bounds, as: "TimeBounds") == #"{"min_time":"5","max_time":"9"}"#)
  }

  @Test(arguments: [
    ("TimeBounds", #"{"min_time":"5"}"#, ".max_time should be there"),
    ("TimeBounds", #"{"min_time":"5","max_time":-1}"#, ".max_time should be a whole number"),
    ("TimeBounds", #"{"min_time":"5","max_time":"6","x":0}"#, "has no x"),
    ("Memo", #""text""#, "one of Memo's arms"),
    ("Memo", #"{"none":null}"#, "one of Memo's arms"),
    ("Memo", #"{"text":"12345678901234567890123456789"}"#, "of at most 28 bytes"),
    ("Memo", #"{"text":"ü"}"#, ".text should be text"),
    ("Hash", #""00""#, "32 bytes in hex"),
    ("AccountID", #""GA""#, "G… address"),
    ("SCVal", #"{"vec":[{"u32":1},{"u32":-1}]}"#, ".vec[1].u32 should be"),
    ("Int128Parts", #""170141183460469231731687303715884105728""#, "128-bit"),
    ("Nonsense", "1", "no XDR type Nonsense"),
    ("Hash", "", "the text ends early"),
  ]) func whatIsWrongIsSaid(type: String, json: String, message: String) {
    do {
      _ = try XDRJSON.xdr(json, as: type)
      Issue.record("\(json) was taken")
    } catch {
      #expect("\(error)".contains(message), "\(error)")
    }
  }

  @Test func theSchemaMemberIsPassedOver() throws {
    let json = #"{"$schema":"https://example.org/TimeBounds.json","min_time":1,"max_time":2}"#
    #expect(try XDRJSON.xdr(json, as: "TimeBounds").count == 16)
  }

  @Test func bytesThatAreNoValueAreRefused() throws {
    #expect(throws: XDRJSON.Failure.xdr(.trailingBytes(4))) {
      try XDRJSON.json([0, 0, 0, 0, 0, 0, 0, 0], as: "MemoType")
    }
    #expect(throws: XDRJSON.Failure.xdr(.unknownArm(type: "MemoType", value: 9))) {
      try XDRJSON.json([0, 0, 0, 9], as: "MemoType")
    }
    // A vector in a vector in a vector…
    let deep =
      [UInt8](
        [[0, 0, 0, 16, 0, 0, 0, 1, 0, 0, 0, 1]].joined().cycled(times: 600)) + [0, 0, 0, 1]
    #expect(throws: XDRJSON.Failure.xdr(.tooDeep)) { try XDRJSON.json(deep, as: "SCVal") }
  }
}

extension Sequence<UInt8> {
  fileprivate func cycled(times: Int) -> [UInt8] {
    let all = Array(self)
    return (0..<times).flatMap { _ in all }
  }
}
