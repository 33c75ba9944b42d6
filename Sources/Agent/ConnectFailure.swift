import Bytes
import RPCTransport
import SecureChannel

/// An attempt that made no session, and to whom.
struct ConnectFailure: Error {
  let address: CoordinatorAddress
  let serverKey: Bytes32
  let error: ConnectError

  /// An authentic no that time will hardly change.
  var isRefusal: Bool {
    switch error {
    case .refused(let verdict, _): !verdict.isTransient
    case .noCommonVersion: true
    default: false
    }
  }

  /// How long to wait: the coordinator's own word counts where it is longer, with a random part
  /// so that not all come back at once.
  func wait(_ backoff: Duration) -> Duration {
    if isRefusal { return Agent.retryWhenRefused }
    guard case .refused(_, let retryAfterMs) = error, retryAfterMs > 0 else { return backoff }
    return max(backoff, .milliseconds(retryAfterMs) * Double.random(in: 1...1.2))
  }

  /// For an agent that was never accepted: a wrong address, key or token is not waited out.
  var isFinal: Bool {
    switch error {
    case .unreachable, .noWelcome: true
    default: isRefusal
    }
  }

  var asError: AgentError {
    switch error {
    case .noWelcome:
      AgentError(
        "coordinator \(address) does not answer to the key "
          + "\(KeyText.encode(.serverPublic, serverKey.bytes)): compare it with "
          + "`kalepool keys server` there, and check that the port is the agents' port")
    case .unreachable(let text):
      AgentError(
        "coordinator \(address) cannot be reached (\(text)): check the address, and that it runs")
    default: AgentError("coordinator \(address) \(error)")
    }
  }
}
