import Hummingbird

/// What anybody may read.
enum PublicRoutes {
  static let all: [Route] = [
    Route(.get, "/api/v1/pool", .public) { core, _ in .json(try await core.pool.poolInfo()) },
    Route(.get, "/api/v1/custody-notice", .public) { _, _ in
      .json(Notice(version: CustodyNotice.version, paragraphs: CustodyNotice.text))
    },
    Route(.get, "/api/v1/poolers", .public) { core, _ in
      .json(Poolers(rows: try await core.pool.poolers()))
    },
    Route(.get, "/problems/{code}", .public) { _, call in
      guard let code = BridgeError.Code(rawValue: call.parameters["code"] ?? "") else {
        throw BridgeError(.notFound, "There is no problem of this name.")
      }
      return .text("\(code.rawValue): HTTP status \(code.status)\n\(code.title).\n")
    },
  ]

  private struct Notice: Codable {
    var version: String
    var paragraphs: [String]
  }

  struct Poolers: Codable {
    var rows: [API.Pooler]
  }
}
