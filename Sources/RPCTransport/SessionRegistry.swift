import Bytes
import FramedRPC
import Synchronization

/// The live sessions by agent key; the newest of a key wins.
///
/// An attempt is known from before its admission, so that a key revoked in between leaves no
/// session behind.
final class SessionRegistry: Sendable {
  struct Entry: Sendable {
    let session: AgentSession
    let mailbox: Mailbox
  }

  private struct State {
    var sessions: [Bytes32: Entry] = [:]
    var attempts: [UInt64: Bytes32] = [:]
    var nextAttempt: UInt64 = 0
    var isStopped = false
  }

  private let state = Mutex(State())

  var sessions: [AgentSession] {
    state.withLock { $0.sessions.values.map(\.session) }.sorted { $0.agentKey < $1.agentKey }
  }

  /// Before the authority is asked.
  func begin(_ agentKey: Bytes32) -> UInt64 {
    state.withLock { state in
      state.nextAttempt += 1
      state.attempts[state.nextAttempt] = agentKey
      return state.nextAttempt
    }
  }

  func abandon(_ attempt: UInt64) {
    state.withLock { _ = $0.attempts.removeValue(forKey: attempt) }
  }

  /// False where the key was disconnected since ``begin(_:)``. An older session of the key is
  /// closed.
  func add(_ entry: Entry, attempt: UInt64) -> Bool {
    let (isGood, old) = state.withLock { state -> (Bool, Entry?) in
      guard state.attempts.removeValue(forKey: attempt) != nil, !state.isStopped else {
        return (false, nil)
      }
      return (true, state.sessions.updateValue(entry, forKey: entry.session.agentKey))
    }
    old?.mailbox.post(.close(.replaced, "a newer connection took this one's place"))
    return isGood
  }

  func remove(_ session: AgentSession) {
    state.withLock { state in
      guard state.sessions[session.agentKey]?.session.id == session.id else { return }
      state.sessions[session.agentKey] = nil
    }
  }

  /// How many sessions are told to close.
  func disconnect(_ agentKey: Bytes32, _ code: CloseCode, _ text: String) -> Int {
    let entry = state.withLock { state in
      state.attempts = state.attempts.filter { $0.value != agentKey }
      return state.sessions[agentKey]
    }
    entry?.mailbox.post(.close(code, text))
    return entry == nil ? 0 : 1
  }

  /// Ends the calls of the agent's session, which goes on.
  func endCalls(_ agentKey: Bytes32, _ error: RPCError) {
    state.withLock { $0.sessions[agentKey] }?.mailbox.post(.endAll(error))
  }

  func sendAway(_ agentKey: Bytes32, _ code: CloseCode, _ text: String) {
    state.withLock { $0.sessions[agentKey] }?.mailbox.post(.goAway(code, text))
  }

  /// Tells all to close and takes no more.
  func stop(_ code: CloseCode, _ text: String) {
    let entries = state.withLock { state in
      state.isStopped = true
      return Array(state.sessions.values)
    }
    for entry in entries { entry.mailbox.post(.close(code, text)) }
  }
}
