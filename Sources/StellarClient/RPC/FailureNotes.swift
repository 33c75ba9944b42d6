import Synchronization

/// Whether a node that gave no usable answer may have done what a call asked for, whatever another
/// node then answered.
final class FailureNotes: Sendable {
  private let state = Mutex(false)

  var someMayHaveDoneIt: Bool { state.withLock { $0 } }

  func note(_ error: RPCError) {
    switch error.code {
    case .outcomeUnknown, .badAnswer, .cancelled: state.withLock { $0 = true }
    case .unavailable, .busy, .behind, .refused: break
    }
  }
}
