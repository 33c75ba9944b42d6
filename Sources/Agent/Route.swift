import RPCTransport

/// A session and which coordinator of the list it leads to, 0 being the first.
struct Route: Sendable {
  let session: RPCSession
  let coordinator: Int
}

/// How a session ended, and what is to follow it.
struct FarmEnd: Sendable {
  let text: String
  let end: SessionEnd?
  /// A session with an earlier coordinator of the list, made while this one lasted.
  let better: Route?
}
