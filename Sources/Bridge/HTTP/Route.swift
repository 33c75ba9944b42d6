import Hummingbird

/// One address and method of the bridge: who may call it and what it does.
struct Route: Sendable {
  typealias Handler = @Sendable (BridgeCore, Call) async throws -> Response

  let method: HTTPRequest.Method
  /// A path whose parts in braces are parameters: `/api/v1/operator/poolers/{id}/enrolment-tokens`.
  let path: String
  let access: Access
  /// True where the request carries a JSON object.
  let takesJSON: Bool
  let handler: Handler
  private let parts: [Substring]

  init(
    _ method: HTTPRequest.Method, _ path: String, _ access: Access, takesJSON: Bool = false,
    _ handler: @escaping Handler
  ) {
    self.method = method
    self.path = path
    self.access = access
    self.takesJSON = takesJSON
    self.handler = handler
    parts = path.split(separator: "/", omittingEmptySubsequences: false)
  }

  /// `GET`, `POST`, …
  var methodName: String { method.rawValue }

  /// Changes something, and so is refused to another site's page.
  var changesState: Bool { method != .get && method != .head }

  /// The parameters where `path` fits, nil where it does not.
  func match(_ path: [Substring]) -> [String: String]? {
    guard path.count == parts.count else { return nil }
    var parameters: [String: String] = [:]
    for (given, part) in zip(path, parts) {
      if part.hasPrefix("{") {
        parameters[String(part.dropFirst().dropLast())] = String(given)
      } else if given != part {
        return nil
      }
    }
    return parameters
  }
}
