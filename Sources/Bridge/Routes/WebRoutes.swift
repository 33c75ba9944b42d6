import Hummingbird

/// The page and its files, and the API's description.
enum WebRoutes {
  static let all: [Route] =
    [file("/", "index.html"), file("/api/v1/openapi.json", "openapi.json")]
    + WebFiles.all.map(\.name).filter { $0 != "index.html" && $0 != "openapi.json" }
    .map { file("/" + $0, $0) }

  private static func file(_ path: String, _ name: String) -> Route {
    Route(.get, path, .public) { core, call in
      guard let file = core.web.file(name) else {
        throw BridgeError(.notFound, "There is nothing at this address.")
      }
      var response =
        call.ifNoneMatch == file.tag
        ? Response(status: .notModified) : Response.bytes(file.bytes, type: file.type)
      response.headers[.eTag] = file.tag
      // Kept, but asked about each time: a new release shows at once.
      response.headers[.cacheControl] = "no-cache"
      return response
    }
  }
}
