extension BridgeError {
  /// What a caller may act on. The raw value is the last part of the problem's `type`.
  package enum Code: String, Hashable, Sendable, CaseIterable {
    /// The request is no HTTP or JSON that can be understood. Mend the client.
    case malformed = "malformed-request"
    /// Nobody is logged in, or the session has ended. Log in.
    case notAuthenticated = "not-authenticated"
    /// Handle or password do not fit. Try another.
    case wrongCredentials = "wrong-credentials"
    /// Logged in, or from a page, that may not do this.
    case forbidden = "forbidden"
    case notFound = "not-found"
    case methodNotAllowed = "method-not-allowed"
    /// The state of things does not allow it. Look again, decide again.
    case conflict = "conflict"
    case tooLarge = "content-too-large"
    case unsupportedMediaType = "unsupported-media-type"
    /// Understood, but a value does not pass. Change the field and repeat.
    case invalid = "invalid-value"
    case tooManyRequests = "too-many-requests"
    /// Our fault; the log has the cause under the problem's `instance`.
    case internalError = "internal-error"
    /// Not now. Repeat later.
    case unavailable = "unavailable"

    package var status: Int {
      switch self {
      case .malformed: 400
      case .notAuthenticated, .wrongCredentials: 401
      case .forbidden: 403
      case .notFound: 404
      case .methodNotAllowed: 405
      case .conflict: 409
      case .tooLarge: 413
      case .unsupportedMediaType: 415
      case .invalid: 422
      case .tooManyRequests: 429
      case .internalError: 500
      case .unavailable: 503
      }
    }

    /// The same for every problem of this code (RFC 9457 §3.1.4).
    package var title: String {
      switch self {
      case .malformed: "The request could not be understood"
      case .notAuthenticated: "Log in first"
      case .wrongCredentials: "Name or password is wrong"
      case .forbidden: "Not allowed"
      case .notFound: "Not found"
      case .methodNotAllowed: "This address does not take that method"
      case .conflict: "Not possible as things stand"
      case .tooLarge: "The request is too large"
      case .unsupportedMediaType: "The request must be JSON"
      case .invalid: "A value is not valid"
      case .tooManyRequests: "Too many requests"
      case .internalError: "Something went wrong on our side"
      case .unavailable: "Not available now"
      }
    }
  }
}
