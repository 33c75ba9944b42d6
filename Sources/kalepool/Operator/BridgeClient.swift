import Foundation
import StellarClient

/// Speaks to the coordinator's JSON API, as a browser or an operator's tool does.
///
/// A farmer's session is the cookie of the last reply that set one.
struct BridgeClient: Sendable {
  /// Without a slash at its end.
  let url: String
  let http: HTTPClient
  /// The operator's token.
  var bearer: String?
  /// `name=value`, as it is sent back.
  var cookie: String?

  /// Longer than any reply takes, audits apart.
  static let timeout: Duration = .seconds(30)
  static let auditTimeout: Duration = .seconds(600)

  init(url: String, http: HTTPClient) {
    self.url = url.hasSuffix("/") ? String(url.dropLast()) : url
    self.http = http
  }

  /// A reply as it came.
  struct Reply: Sendable {
    var status: Int
    var body: [UInt8]
    var cookie: String?

    func decode<T: Decodable>(_ type: T.Type = T.self) throws -> T {
      do {
        return try JSONDecoder().decode(type, from: Data(body))
      } catch {
        throw CommandFailure("the coordinator's reply is not understood: \(error)")
      }
    }
  }

  /// Sends a request and gives the reply, whatever its status.
  func send(
    _ method: String, _ path: String, json: (any Encodable & Sendable)? = nil,
    timeout: Duration = timeout
  ) async throws -> Reply {
    var headers = [(name: "Accept", value: "application/json")]
    if let bearer { headers.append(("Authorization", "Bearer \(bearer)")) }
    if let cookie { headers.append(("Cookie", cookie)) }
    var body: [UInt8]?
    if let json {
      headers.append(("Content-Type", "application/json"))
      body = Array(try JSONEncoder().encode(json))
    }
    let response = try await http.send(
      HTTPRequest(method, url + path, headers: headers, body: body, timeout: timeout))
    return Reply(
      status: response.status, body: response.body,
      cookie: response.header("set-cookie").map { String($0.prefix { $0 != ";" }) })
  }

  /// The reply's value; a problem document becomes a failure in its own words.
  func call<T: Decodable>(
    _ method: String, _ path: String, json: (any Encodable & Sendable)? = nil,
    timeout: Duration = timeout, as type: T.Type = T.self
  ) async throws -> T {
    try await checked(method, path, json: json, timeout: timeout).decode()
  }

  /// The reply, which is no problem.
  @discardableResult
  func checked(
    _ method: String, _ path: String, json: (any Encodable & Sendable)? = nil,
    timeout: Duration = timeout
  ) async throws -> Reply {
    let reply: Reply
    do {
      reply = try await send(method, path, json: json, timeout: timeout)
    } catch let error as HTTPClientError {
      throw CommandFailure(
        "no coordinator answers at \(url): start it, or name it with --url (\(error))")
    }
    if reply.status == 401, bearer != nil {
      throw CommandFailure(
        "the coordinator at \(url) does not take this operator's token: name its data folder with"
          + " --data, or its token in \(tokenVariable)")
    }
    guard (200..<300).contains(reply.status) else { throw Self.failure(reply, path) }
    return reply
  }

  /// The part of a problem document (RFC 9457) that is for people.
  private struct Problem: Decodable {
    var detail: String
    var field: String?
  }

  private static func failure(_ reply: Reply, _ path: String) -> CommandFailure {
    guard let problem = try? JSONDecoder().decode(Problem.self, from: Data(reply.body)) else {
      return CommandFailure("the coordinator answers \(path) with HTTP status \(reply.status)")
    }
    let field = problem.field.map { "\($0): " } ?? ""
    return CommandFailure(field + problem.detail)
  }
}
