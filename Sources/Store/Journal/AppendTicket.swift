import Synchronization

/// What was handed to the journal and is on its way to disk.
package final class AppendTicket: Sendable {
  /// Where the entries stand in the journal if they are recorded; empty for no entries.
  package let positions: Range<Int64>
  let entries: [JournalEntry]
  private let state = Mutex(State())

  private struct State {
    var result: Result<Void, StoreError>?
    var waiters: [CheckedContinuation<Result<Void, StoreError>, Never>] = []
  }

  init(entries: [JournalEntry], from position: Int64) {
    self.entries = entries
    positions = position..<position + Int64(entries.count)
  }

  /// Returns when the entries are durable; throws when they are not, or (`connectionLost`) may not
  /// be.
  package func durable() async throws(StoreError) {
    let result = await withCheckedContinuation { waiter in
      let result: Result<Void, StoreError>? = state.withLock { state in
        if state.result == nil { state.waiters.append(waiter) }
        return state.result
      }
      if let result { waiter.resume(returning: result) }
    }
    try result.get()
  }

  /// Sets the outcome, once.
  func finish(_ result: Result<Void, StoreError>) {
    let waiters = state.withLock { state in
      precondition(state.result == nil, "a ticket is finished once")
      state.result = result
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.resume(returning: result) }
  }
}
