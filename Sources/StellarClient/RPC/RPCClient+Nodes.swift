import JSON
import KaleRules
import Logging
import Synchronization

/// Nodes in turn.
extension RPCClient {
  /// A tick that a node told of.
  func note(_ tick: LedgerTick, from index: Int) {
    let now = ContinuousClock.now
    state.withLock { $0.book.note(index, tick, at: now) }
  }

  /// What a node said of the block is not so, or another says otherwise.
  func noteDisagreement(of index: Int, in ledger: LedgerSequence) {
    state.withLock { $0.book.disagreed(index, in: ledger) }
  }

  /// Whom an ordinary call would ask now, first to last.
  var nodeOrder: [Int] { order(.any) }

  /// The node that an ordinary call would go to now.
  func preferredNode(avoiding avoided: Int? = nil) -> Int {
    let now = ContinuousClock.now
    return state.withLock { $0.book.order(at: now, avoiding: avoided)[0] }
  }

  /// Whether another node has told of a ledger lately.
  func hasNews(besides index: Int) -> Bool {
    let now = ContinuousClock.now
    return state.withLock { $0.book.hasNews(besides: index, at: now) }
  }

  /// The nodes but one that answer and keep up.
  func soundNodes(besides index: Int) -> [Int] {
    let now = ContinuousClock.now
    let statuses = state.withLock { $0.book.statuses(at: now) }
    return statuses.indices.filter { node in
      node != index && statuses[node].isUp && (statuses[node].lag ?? 0) < NodeBook.lagLedgersMax
    }
  }

  /// Whether a node wants no request for now.
  func isLimited(_ index: Int) -> Bool {
    let now = ContinuousClock.now
    return state.withLock { $0.book.limit(of: index, at: now) != nil }
  }

  /// Goes around the nodes until one answers, as long as patience lasts: reading changes nothing,
  /// and a transaction sent twice is one.
  func tryNodes<T>(
    _ method: String, _ parameters: [JSONValue], _ choice: NodeChoice, _ failures: FailureNotes?,
    _ decode: ([Result<JSONValue, RPCError>]) throws(RPCError) -> T
  ) async -> Result<T, RPCError> {
    let deadline = ContinuousClock.now + settings.patience
    var worst: RPCError?
    for round in 1...Self.roundsMax {
      await waitForRoom(choice, until: deadline)
      let result = await tryEachNode(method, parameters, choice, failures, decode)
      guard case .failure(let error) = result else { return result }
      // That something may have been sent must not be forgotten over another failure.
      if worst?.code != .outcomeUnknown { worst = error }
      if choice.isOfOne { break }
      guard error.isRetryable, round < Self.roundsMax, ContinuousClock.now < deadline,
        !Task.isCancelled
      else { break }
      try? await Task.sleep(for: Self.pause)
    }
    return .failure(worst ?? RPCError(.unavailable, "no node was asked"))
  }

  private static let roundsMax = 4
  private static let pause = Duration.milliseconds(100)

  private func tryEachNode<T>(
    _ method: String, _ parameters: [JSONValue], _ choice: NodeChoice, _ failures: FailureNotes?,
    _ decode: ([Result<JSONValue, RPCError>]) throws(RPCError) -> T
  ) async -> Result<T, RPCError> {
    let order = order(choice)
    var worst: RPCError?
    for (step, index) in order.enumerated() {
      let now = ContinuousClock.now
      if let until = state.withLock({ $0.book.limit(of: index, at: now) }) {
        worst =
          worst
          ?? RPCError(
            .busy, "\(settings.name(of: index)) wants no request for \(until - now)")
        continue
      }
      do throws(RPCError) {
        let isLast = step == order.count - 1
        let isBrief = if case .briefly = choice { true } else { !isLast }
        let answer = try await ask(index, method, parameters, isBrief: isBrief, decode)
        state.withLock { $0.book.succeeded(index, after: .now - now) }
        return .success(answer)
      } catch {
        failures?.note(error)
        guard error.code != .cancelled else { return .failure(error) }
        // A refusal by the method itself would be every node's.
        if case .refused(let code) = error.code, code < 0, code != -32_601 {
          state.withLock { $0.book.succeeded(index, after: .now - now) }
          return .failure(error)
        }
        logger.debug(
          "node gave no answer",
          metadata: [
            "node": "\(settings.name(of: index))", "method": "\(method)",
            "error": "\(error)",
          ])
        // That something may have been sent must not be forgotten over another failure.
        if worst == nil || worst?.code != .outcomeUnknown { worst = error }
      }
    }
    return .failure(worst ?? RPCError(.unavailable, "no node was asked"))
  }

  private func order(_ choice: NodeChoice) -> [Int] {
    let now = ContinuousClock.now
    return switch choice {
    case .any: state.withLock { $0.book.order(at: now) }
    case .only(let index), .briefly(let index): [index]
    case .avoiding(let index): state.withLock { $0.book.order(at: now, avoiding: index) }
    }
  }

  /// Where all nodes want to be left alone, waits for the first that does not any more, as long as
  /// patience lasts.
  private func waitForRoom(
    _ choice: NodeChoice, until deadline: ContinuousClock.Instant
  ) async {
    let now = ContinuousClock.now
    let order = order(choice)
    let first = state.withLock { state -> ContinuousClock.Instant? in
      let limits = order.map { state.book.limit(of: $0, at: now) }
      return limits.contains(nil) ? nil : limits.compactMap(\.self).min()
    }
    guard let first, first <= deadline else { return }
    try? await Task.sleep(until: first, clock: .continuous)
  }

  private func ask<T>(
    _ index: Int, _ method: String, _ parameters: [JSONValue], isBrief: Bool,
    _ decode: ([Result<JSONValue, RPCError>]) throws(RPCError) -> T
  ) async throws(RPCError) -> T {
    var retryAfter: Duration?
    let begun = ContinuousClock.now
    do throws(RPCError) {
      let timeout = isBrief ? settings.failoverTimeout : settings.requestTimeout
      let results = try await post(index, method, parameters, timeout, &retryAfter)
      return try decode(results)
    } catch {
      let isMethodsOwn = if case .refused(let code) = error.code { code < 0 } else { false }
      if error.code != .cancelled, !isMethodsOwn {
        let now = ContinuousClock.now
        let retryAfter = retryAfter
        state.withLock {
          $0.book.failed(index, error, retryAfter: retryAfter, begun: begun, at: now)
        }
      }
      throw error
    }
  }

  private func post(
    _ index: Int, _ method: String, _ parameters: [JSONValue], _ timeout: Duration,
    _ retryAfter: inout Duration?
  ) async throws(RPCError) -> [Result<JSONValue, RPCError>] {
    let endpoint = settings.endpoints[index]
    let now = ContinuousClock.now
    let (exchange, turn) = state.withLock { state in
      let exchange = RPCExchange(
        method: method, parameters: parameters, firstID: state.nextID + 1)
      state.nextID += parameters.count
      return (exchange, state.book.begin(index, calls: parameters.count, at: now))
    }
    if turn > .zero {
      do { try await Task.sleep(for: turn) } catch {
        throw RPCError(.cancelled, "\(method) was cancelled")
      }
    }
    let response: HTTPResponse
    do {
      response = try await http.send(
        HTTPRequest(
          "POST", endpoint, headers: [("Content-Type", "application/json")],
          body: exchange.body.bytes, timeout: timeout,
          responseBytesMax: settings.responseBytesMax))
    } catch {
      throw RPCError(error, method)
    }
    switch response.status {
    case 200: return try exchange.results(of: response.body)
    case 429, 503:
      retryAfter = response.header("retry-after").flatMap { Int($0) }.map {
        .seconds(min(max(0, $0), Self.retryAfterSecondsMax))
      }
      throw RPCError(
        .busy, "\(method): \(settings.name(of: index)) has no room (\(response.status))")
    case 500...: throw RPCError(.outcomeUnknown, "\(method): status \(response.status)")
    default:
      throw RPCError(
        .refused(response.status),
        "\(method): \(settings.name(of: index)): status \(response.status)")
    }
  }

  /// A node that wants more rest than this is asked all the same: it may be mistaken.
  private static let retryAfterSecondsMax = 300
}

extension RPCClient.NodeChoice {
  fileprivate var isOfOne: Bool {
    switch self {
    case .only, .briefly: true
    case .any, .avoiding: false
    }
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
