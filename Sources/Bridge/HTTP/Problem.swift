import Hummingbird

/// An RFC 9457 problem document.
struct Problem: Hashable, Sendable, Codable {
  /// `/problems/CODE`, which this server explains.
  var type: String
  var title: String
  var status: Int
  var detail: String
  /// The field of the request that is to blame.
  var field: String?
  /// The request, where the log has more about it.
  var instance: String?

  init(_ error: BridgeError, instance: String? = nil) {
    type = "/problems/" + error.code.rawValue
    title = error.code.title
    status = error.code.status
    detail = error.message
    field = error.field
    self.instance = instance
  }
}

extension Response {
  /// The problem document of an error.
  static func problem(_ error: BridgeError, instance: String? = nil) -> Response {
    var response = Response.json(
      Problem(error, instance: instance), status: .init(code: error.code.status))
    response.headers[.contentType] = "application/problem+json"
    if let retryAfter = error.retryAfter {
      response.headers[.retryAfter] = String(max(1, retryAfter.components.seconds))
    }
    return response
  }
}
