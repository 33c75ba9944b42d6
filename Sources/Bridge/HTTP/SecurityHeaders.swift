import Hummingbird

/// The headers every answer carries.
enum SecurityHeaders {
  /// Everything from this server, nothing inline, no frames, no form that leaves by itself (the
  /// page's forms are sent by its script).
  static let contentSecurityPolicy =
    "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
    + " object-src 'none'"

  // The names are valid field names, so that making them does not fail.
  private static let always: HTTPFields = [
    .contentSecurityPolicy: contentSecurityPolicy,
    .xContentTypeOptions: "nosniff",
    .init("Referrer-Policy")!: "no-referrer",
    .init("Cross-Origin-Opener-Policy")!: "same-origin",
    .init("Cross-Origin-Resource-Policy")!: "same-origin",
    .init("Permissions-Policy")!: "camera=(), geolocation=(), microphone=()",
  ]

  static func add(to response: inout Response, secure: Bool) {
    var fields = response.headers
    for field in always { fields[field.name] = field.value }
    if fields[.cacheControl] == nil { fields[.cacheControl] = "no-store" }
    if secure { fields[.strictTransportSecurity] = "max-age=31536000" }
    response.headers = fields
  }
}
