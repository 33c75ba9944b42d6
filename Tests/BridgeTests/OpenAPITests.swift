import Foundation
import Testing

@testable import Bridge

/// The document the server serves, against what the server does.
@Suite struct OpenAPITests {
  @Test func everyRouteOfTheAPIIsDescribedAndNoOther() throws {
    let described = try Self.operations()
    let served = RouteTable.all.filter { $0.path.hasPrefix("/api/v1/") }.map {
      "\($0.methodName.lowercased()) \($0.path)"
    }
    #expect(described.keys.sorted() == served.sorted())
  }

  @Test func securityAndBodiesAreAsTheTableSays() throws {
    let described = try Self.operations()
    for route in RouteTable.all where route.path.hasPrefix("/api/v1/") {
      let operation = described["\(route.methodName.lowercased()) \(route.path)"]
      let schemes = (operation?["security"]?.array ?? []).flatMap { ($0.object ?? [:]).keys }
      let expected: [Access: [String]] = [
        .public: [], .visitor: ["session"], .farmer: ["session"], .operator: ["operator"],
      ]
      #expect(schemes == expected[route.access], "\(route.path)")
      #expect((operation?["requestBody"] != nil) == route.takesJSON, "\(route.path)")
    }
  }

  @Test func everyReferenceInTheDocumentLeadsSomewhere() throws {
    let document = try Self.document()
    func walk(_ value: JSON) {
      switch value {
      case .object(let object):
        if let reference = object["$ref"]?.string {
          #expect(Schema(document).resolve(reference) != nil, "\(reference)")
        }
        for member in object.values { walk(member) }
      case .array(let array): for member in array { walk(member) }
      default: break
      }
    }
    walk(document)
  }

  /// Every answer of a whole journey has the form the document gives it.
  @Test func answersHaveTheDescribedForm() async throws {
    try await TestBridge.with { bridge in
      let journey = Journey(bridge: bridge)
      let answers = try await journey.run()
      let document = try Self.document()
      let described = try Self.operations()
      var seen: Set<String> = []
      for (key, answer) in answers {
        seen.insert(key)
        let responses = described[key]?["responses"]
        let response = responses?[String(answer.status)]
        #expect(response != nil, "\(key): \(answer.status) \(answer.text)")
        guard let media = response?["content"]?["application/json"],
          let schema = media["schema"], schema["type"] != "string"
        else { continue }
        let json = try #require(answer.json)
        let faults = Schema(document).faults(of: json, against: schema, at: key)
        #expect(faults.isEmpty, "\(faults)")
      }
      let streams: Set = ["get /api/v1/events"]
      #expect(seen.union(streams) == Set(described.keys))
    }
  }

  @Test func theSchemaCheckerFindsFaults() throws {
    let schema = Schema(try Self.document())
    let problem: JSON = ["$ref": "#/components/schemas/Problem"]
    let good: JSON = ["type": "/x", "title": "t", "status": 400, "detail": "d"]
    #expect(schema.faults(of: good, against: problem, at: "").isEmpty)
    let bad: JSON = ["type": 1, "title": "t", "status": 400, "more": "d"]
    #expect(schema.faults(of: bad, against: problem, at: "").count == 3)
  }

  static func document() throws -> JSON { try JSON.parse(Data(PackageResources.openapi_json)) }

  /// By `method path`.
  static func operations() throws -> [String: JSON] {
    var operations: [String: JSON] = [:]
    for (path, methods) in try document()["paths"]?.object ?? [:] {
      for (method, operation) in methods.object ?? [:] {
        operations["\(method) \(path)"] = operation
      }
    }
    return operations
  }
}
