/// A request over http or https. Redirects are not followed and cookies are the caller's.
package struct HTTPRequest: Sendable {
  package var method: String
  package var url: String
  /// Names and values; neither may hold a line break.
  package var headers: [(name: String, value: String)]
  package var body: [UInt8]?
  /// From the call to the last byte of the answer, waiting for a free connection included.
  package var timeout: Duration
  /// The answer's body may not be longer.
  package var responseBytesMax: Int

  package init(
    _ method: String, _ url: String, headers: [(name: String, value: String)] = [],
    body: [UInt8]? = nil, timeout: Duration = .seconds(30),
    responseBytesMax: Int = 16 * 1024 * 1024
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.timeout = timeout
    self.responseBytesMax = responseBytesMax
  }
}

/// What came back, whatever its status.
package struct HTTPResponse: Sendable {
  package let status: Int
  /// Names are lower case; a name may come several times.
  package let headers: [(name: String, value: String)]
  package let body: [UInt8]

  /// The first header of a name, or nil.
  package func header(_ name: String) -> String? {
    let name = name.lowercased()
    return headers.first { $0.name == name }?.value
  }

  /// All headers of a name, such as `set-cookie`.
  package func headers(_ name: String) -> [String] {
    let name = name.lowercased()
    return headers.filter { $0.name == name }.map(\.value)
  }

  package var text: String { String(decoding: body, as: UTF8.self) }
}
