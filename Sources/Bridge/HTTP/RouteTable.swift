import Hummingbird

/// Every route there is; what is not here is not found.
enum RouteTable {
  static let all: [Route] =
    PublicRoutes.all + SessionRoutes.all + FarmerRoutes.all + LeavingRoutes.all
    + OperatorRoutes.all + HealthRoutes.all + WebRoutes.all

  enum Match {
    case route(Route, parameters: [String: String])
    /// The path exists, for these methods.
    case otherMethods([HTTPRequest.Method])
    case none
  }

  /// HEAD is answered wherever GET is.
  static func match(_ method: HTTPRequest.Method, _ path: String) -> Match {
    let wanted = method == .head ? .get : method
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    var others: [HTTPRequest.Method] = []
    for route in all {
      guard let parameters = route.match(parts) else { continue }
      if route.method == wanted { return .route(route, parameters: parameters) }
      others.append(route.method)
    }
    return others.isEmpty ? .none : .otherMethods(others)
  }
}
