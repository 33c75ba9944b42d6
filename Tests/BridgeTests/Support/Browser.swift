import Foundation
import FoundationNetworking

/// What came back.
struct Answer: Sendable {
  let status: Int
  let headers: [String: String]
  let data: Data

  subscript(header: String) -> String? {
    headers.first { $0.key.lowercased() == header.lowercased() }?.value
  }

  var text: String { String(decoding: data, as: UTF8.self) }
  var json: JSON? { try? JSON.parse(data) }
}

/// An HTTP client over real sockets that keeps the session cookie as a browser would.
struct Browser: Sendable {
  let port: Int
  var cookie: String?

  init(port: Int) { self.port = port }

  private static let session: URLSession = {
    let configuration = URLSessionConfiguration.ephemeral
    configuration.httpShouldSetCookies = false
    configuration.httpCookieStorage = nil
    configuration.urlCache = nil
    configuration.timeoutIntervalForRequest = 30
    return URLSession(configuration: configuration)
  }()

  func request(_ method: String, _ path: String, headers: [String: String] = [:]) -> URLRequest {
    // The tests' own paths are valid.
    var request = URLRequest(url: URL(string: "http://127.0.0.1:\(port)\(path)")!)
    request.httpMethod = method
    if let cookie { request.setValue(cookie, forHTTPHeaderField: "Cookie") }
    for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
    return request
  }

  mutating func send(
    _ method: String, _ path: String, _ body: JSON? = nil, headers: [String: String] = [:]
  ) async throws -> Answer {
    var headers = headers
    if body != nil { headers["Content-Type"] = headers["Content-Type"] ?? "application/json" }
    return try await send(method, path, data: try body?.data, headers: headers)
  }

  mutating func send(_ method: String, _ path: String, data: Data?, headers: [String: String])
    async throws -> Answer
  {
    var request = request(method, path, headers: headers)
    request.httpBody = data
    let (data, response) = try await Self.session.data(for: request)
    guard let response = response as? HTTPURLResponse else { throw URLError(.badServerResponse) }
    var fields: [String: String] = [:]
    for (name, value) in response.allHeaderFields { fields["\(name)"] = "\(value)" }
    let answer = Answer(status: response.statusCode, headers: fields, data: data)
    if let set = answer["Set-Cookie"], let pair = set.split(separator: ";").first {
      cookie = pair.hasSuffix("=") ? nil : String(pair)
    }
    return answer
  }

  mutating func get(_ path: String) async throws -> Answer { try await send("GET", path) }
}
