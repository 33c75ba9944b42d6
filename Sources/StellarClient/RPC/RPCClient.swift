package import Logging
import Synchronization

/// The network's JSON-RPC as typed methods, over one or more nodes.
///
/// A call goes to the node that answered last; where it cannot be reached or has no room, the next
/// ones are tried once each, in order.
package final class RPCClient: Sendable {
  package let settings: RPCSettings
  private let http: HTTPClient
  private let gate: Gate
  private let logger: Logger
  private let state = Mutex(State())

  private struct State {
    var preferred = 0
    var nextID = 0
  }

  package init(
    _ settings: RPCSettings, http: HTTPClient = HTTPClient(),
    logger: Logger = Logger(label: "stellar.rpc")
  ) {
    self.settings = settings
    self.http = http
    self.logger = logger
    gate = Gate(width: settings.concurrentRequestsMax)
  }

  /// Any method: its `result`, or why there is none.
  package func call(
    _ method: String, _ parameters: JSONValue = [:]
  ) async throws(RPCError) -> JSONValue {
    let (first, id) = state.withLock { state in
      state.nextID += 1
      return (state.preferred, state.nextID)
    }
    let body: JSONValue = [
      "jsonrpc": "2.0", "id": .number("\(id)"), "method": .string(method), "params": parameters,
    ]
    let bytes = body.bytes
    let result = await gate.pass { await tryNodes(from: first, method, bytes) }
    guard let result else { throw RPCError(.cancelled, "\(method) was cancelled") }
    return try result.get()
  }

  private func tryNodes(
    from first: Int, _ method: String, _ body: [UInt8]
  ) async -> Result<JSONValue, RPCError> {
    let count = settings.endpoints.count
    var worst = RPCError(.unavailable, "no node was asked")
    for step in 0..<count {
      let index = (first + step) % count
      do throws(RPCError) {
        let answer = try await ask(settings.endpoints[index], method, body)
        state.withLock { $0.preferred = index }
        return .success(answer)
      } catch {
        guard error.isRetryable else { return .failure(error) }
        logger.debug(
          "node gave no answer",
          metadata: [
            "node": "\(settings.endpoints[index])", "method": "\(method)", "error": "\(error)",
          ])
        // That something may have been sent must not be forgotten over a later failure.
        if step == 0 || worst.code != .outcomeUnknown { worst = error }
      }
    }
    return .failure(worst)
  }

  private func ask(
    _ endpoint: String, _ method: String, _ body: [UInt8]
  ) async throws(RPCError) -> JSONValue {
    let request = HTTPRequest(
      "POST", endpoint, headers: [("Content-Type", "application/json")], body: body,
      timeout: settings.requestTimeout, responseBytesMax: settings.responseBytesMax)
    let response: HTTPResponse
    do {
      response = try await http.send(request)
    } catch {
      throw RPCError(error, method)
    }
    switch response.status {
    case 200: return try Self.result(of: response, method)
    case 429, 503: throw RPCError(.busy, "\(method): \(endpoint) has no room (\(response.status))")
    case 500...: throw RPCError(.outcomeUnknown, "\(method): status \(response.status)")
    default:
      throw RPCError(.refused(response.status), "\(method): \(endpoint): status \(response.status)")
    }
  }

  private static func result(
    of response: HTTPResponse, _ method: String
  ) throws(RPCError) -> JSONValue {
    let answer: JSONValue
    do {
      answer = try JSONValue(parsing: response.body)
    } catch {
      throw RPCError(.badAnswer, "\(method): the answer is not JSON: \(error)")
    }
    if let error = answer["error"], !error.isNull {
      let code: Int = error["code"]?.asInteger() ?? 0
      let message = error["message"]?.asString ?? "no message"
      throw RPCError(RPCError.Code(jsonRPC: code), "\(method): \(message) (\(code))")
    }
    guard let result = answer["result"] else {
      throw RPCError(.badAnswer, "\(method): neither result nor error")
    }
    return result
  }
}

extension RPCError {
  fileprivate init(_ error: HTTPClientError, _ method: String) {
    let code: Code =
      switch error.code {
      case .notSent, .closed: .unavailable
      case .timedOut, .connectionLost: .outcomeUnknown
      case .badRequest: .refused(0)
      case .bodyTooLarge: .badAnswer
      case .cancelled: .cancelled
      }
    self.init(code, "\(method): \(error.message)")
  }
}

extension RPCError.Code {
  /// Source: stellar.md §3. The deadline is the server's: what it had begun may go on.
  fileprivate init(jsonRPC code: Int) {
    switch code {
    case -32_098: self = .busy
    case -32_603, -32_097, -32_096: self = .outcomeUnknown
    default: self = .refused(code)
    }
  }
}
