/// What went wrong, said so that a farmer can act on it: becomes an RFC 9457 problem document.
package struct BridgeError: Error, Hashable, Sendable, CustomStringConvertible {
  package var code: Code
  /// One clear line for the person, saying what to do. Never a secret.
  package var message: String
  /// The field of the request that is to blame, named as in the JSON.
  package var field: String?
  /// When trying again makes sense.
  package var retryAfter: Duration?

  package init(
    _ code: Code, _ message: String, field: String? = nil, retryAfter: Duration? = nil
  ) {
    self.code = code
    self.message = message
    self.field = field
    self.retryAfter = retryAfter
  }

  /// A field that does not pass.
  package static func invalid(_ field: String, _ message: String) -> BridgeError {
    BridgeError(.invalid, message, field: field)
  }

  package var description: String { field.map { "\($0): \(message)" } ?? message }
}
