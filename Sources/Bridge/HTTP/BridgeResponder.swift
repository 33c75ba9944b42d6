import Hummingbird
import JSON
import Logging
import NIOCore

/// Answers every request: finds its route, checks what the route demands, calls its handler, and
/// turns every error into a problem document.
///
/// Order of the checks: host, route, origin, caller, rate, body. Nothing of the body is read before
/// the caller may send it.
struct BridgeResponder: HTTPResponder {
  let core: BridgeCore

  func respond(to request: Request, context: BridgeRequestContext) async throws -> Response {
    var label = "none"
    var response: Response
    do {
      let (route, parameters) = try find(request)
      label = route.path
      response = try await answer(route, parameters, request, context)
    } catch {
      response = refuse(error, request, context)
    }
    core.counters.count(
      route: label, method: label == "none" ? "any" : request.method.rawValue,
      status: response.status.code)
    SecurityHeaders.add(to: &response, secure: core.origins.isSecure)
    return request.method == .head ? response.createHeadResponse() : response
  }

  private func find(_ request: Request) throws -> (Route, [String: String]) {
    guard core.origins.accepts(authority: request.head.authority) else {
      throw BridgeError(
        .forbidden,
        "This server does not answer to that host name: open it as localhost"
          + " or by its public address.")
    }
    switch RouteTable.match(request.method, request.uri.path) {
    case .route(let route, let parameters): return (route, parameters)
    case .otherMethods(let methods):
      throw MethodNotAllowed(allowed: methods.map(\.rawValue).sorted())
    case .none: throw BridgeError(.notFound, "There is nothing at this address.")
    }
  }

  private func answer(
    _ route: Route, _ parameters: [String: String], _ request: Request,
    _ context: BridgeRequestContext
  ) async throws -> Response {
    if route.changesState {
      let fetchSite = request.headers.secFetchSite
      guard
        core.origins.accepts(
          origin: request.headers[.origin], fetchSite: fetchSite, authority: request.head.authority)
      else {
        throw BridgeError(.forbidden, "This can only be done from the pool's own page.")
      }
    }
    let remote = context.remoteAddress(of: request, trustsProxy: core.settings.publicOrigin != nil)
    let caller = try await admit(route, request, remote)
    let fields = route.takesJSON ? try await readFields(of: request) : RequestFields()
    let query = Dictionary(
      request.uri.queryParameters.map { (String($0.key), String($0.value)) },
      uniquingKeysWith: { first, _ in first })
    return try await route.handler(
      core,
      Call(
        caller: caller, parameters: parameters, query: query, fields: fields,
        ifNoneMatch: request.headers[.ifNoneMatch], remoteAddress: remote))
  }

  private func admit(_ route: Route, _ request: Request, _ remote: String?) async throws -> Caller {
    switch route.access {
    case .public: return .anybody
    case .visitor:
      return try await session(of: request).map { .farmer($0) } ?? .anybody
    case .farmer:
      guard let session = try await session(of: request) else {
        throw BridgeError(.notAuthenticated, "Log in first; the session may have ended.")
      }
      try core.limiter.take(
        "farmer:\(session.farmer.rawValue)", core.settings.rates.requestsPerFarmer)
      return .farmer(session)
    case .operator:
      try admitOperator(request, remote)
      return .operator
    case .local:
      if request.headers.forwardedFor != nil || request.headers.forwarded != nil {
        try admitOperator(request, remote)
      }
      return .anybody
    }
  }

  private func session(of request: Request) async throws -> StoredSession? {
    try await core.sessions.find(token: request.cookies[core.sessions.cookieName]?.value)
  }

  private func admitOperator(_ request: Request, _ remote: String?) throws {
    guard core.settings.operatorTokenHash != nil else {
      throw BridgeError(.forbidden, "The operator's interface is closed: no operator token is set.")
    }
    guard core.isOperator(authorization: request.headers[.authorization]) else {
      try core.limiter.take(
        "operator:\(remote ?? "local")", core.settings.rates.operatorPerAddress)
      throw BridgeError(
        .notAuthenticated, "Send the operator's token as Authorization: Bearer TOKEN.")
    }
  }

  private func readFields(of request: Request) async throws -> RequestFields {
    let type = request.headers[.contentType]?.prefix { $0 != ";" }.lowercased()
    guard type?.trimmingBlanks == "application/json" else {
      throw BridgeError(.unsupportedMediaType, "Send JSON, with Content-Type: application/json.")
    }
    let tooLarge = BridgeError(
      .tooLarge, "A request may have at most \(Limits.bodyBytesMax) bytes.")
    if let length = request.headers[.contentLength].flatMap(Int.init),
      length > Limits.bodyBytesMax
    {
      throw tooLarge
    }
    let body: ByteBuffer
    do {
      body = try await request.body.collect(upTo: Limits.bodyBytesMax)
    } catch is NIOTooManyBytesError {
      throw tooLarge
    }
    let value: JSONValue
    do {
      value = try JSONValue(
        parsing: Array(body.readableBytesView), depthMax: Limits.jsonDepthMax)
    } catch {
      throw BridgeError(.malformed, "The request's body is not JSON: \(error).")
    }
    guard let object = value.asObject else {
      throw BridgeError(.malformed, "The request's body must be a JSON object.")
    }
    return RequestFields(object)
  }

  private func refuse(
    _ error: any Error, _ request: Request, _ context: BridgeRequestContext
  ) -> Response {
    switch error {
    case let error as BridgeError:
      var response = Response.problem(error, instance: nil)
      if error.code == .notAuthenticated { response.headers[.wwwAuthenticate] = "Bearer" }
      // The client need not send the rest of it.
      if error.code == .tooLarge { response.headers[.connection] = "close" }
      return response
    case let error as MethodNotAllowed:
      return Response.problem(error.problem).with([.allow: error.allowed.joined(separator: ", ")])
    default:
      let instance = "request-" + context.requestID
      core.logger.error(
        "A request failed",
        metadata: [
          "instance": "\(instance)", "path": "\(request.uri.path)", "error": "\(error)",
        ])
      return .problem(
        BridgeError(.internalError, "This is our fault and is logged; try again later."),
        instance: instance)
    }
  }
}

/// A path that exists, asked for with a method it does not take.
private struct MethodNotAllowed: Error {
  let allowed: [String]

  var problem: BridgeError {
    BridgeError(
      .methodNotAllowed, "This address takes \(allowed.joined(separator: ", ")) only.")
  }
}
