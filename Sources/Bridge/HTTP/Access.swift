/// Who may call a route. There is no default: every route names one.
enum Access: String, Hashable, Sendable, CaseIterable {
  /// Anybody.
  case `public`
  /// Anybody; a logged-in farmer is known by the session cookie.
  case visitor
  /// A logged-in farmer, by the session cookie; the route acts on that farmer alone.
  case farmer
  /// The operator, by `Authorization: Bearer`.
  case `operator`
  /// A program on this machine or network that did not come through the public proxy, or the
  /// operator.
  case local
}
