package import JSON
package import Logging
import Synchronization

/// The network's JSON-RPC as typed methods, over one or more nodes.
///
/// A call goes to the first node in ``NodeBook``'s order; where that gives no usable answer, the
/// others are tried once each. What a node may be asked how often is kept to.
package final class RPCClient: Sendable {
  package let settings: RPCSettings
  let http: HTTPClient
  let logger: Logger
  let state: Mutex<State>
  private let gate: Gate
  let lookUps = LookUps()

  struct State: Sendable {
    var book: NodeBook
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
    state = Mutex(State(book: NodeBook(settings)))
  }

  /// How the nodes are.
  package var nodes: [NodeStatus] {
    let now = ContinuousClock.now
    return state.withLock { $0.book.statuses(at: now) }
  }

  /// Any method: its `result`, or why there is none.
  package func call(
    _ method: String, _ parameters: JSONValue = [:]
  ) async throws(RPCError) -> JSONValue {
    try await call(method, parameters) { fields throws(RPCError) in fields.value }
  }

  /// A method whose answer is read by `decode`: one that cannot be read is the node's failure, and
  /// the next node is asked. `failures` hears of those before.
  func call<T: Sendable>(
    _ method: String, _ parameters: JSONValue = [:], choice: NodeChoice = .any,
    failures: FailureNotes? = nil, _ decode: @Sendable (RPCFields) throws(RPCError) -> T
  ) async throws(RPCError) -> T {
    let result = await gate.pass {
      await tryNodes(method, [parameters], choice, failures) { results throws(RPCError) in
        try decode(RPCFields(try results[0].get(), method))
      }
    }
    guard let result else { throw RPCError(.cancelled, "\(method) was cancelled") }
    return try result.get()
  }

  /// One method with several parameters in one request: an answer for each, in order. Fails as a
  /// whole only where no node answered.
  func batch(
    _ method: String, _ parameters: [JSONValue]
  ) async throws(RPCError) -> [Result<JSONValue, RPCError>] {
    let result = await gate.pass {
      // One that the node could not do is no reason to give up the others' answers.
      await tryNodes(method, parameters, .any, nil) { $0 }
    }
    guard let result else { throw RPCError(.cancelled, "\(method) was cancelled") }
    return try result.get()
  }

  /// Which nodes a call may go to.
  enum NodeChoice: Sendable {
    /// Any, in the book's order.
    case any
    /// That one only.
    case only(Int)
    /// The same, and not for longer than while another is at hand.
    case briefly(Int)
    /// Any, that one last: it was tried before.
    case avoiding(Int?)
  }
}
