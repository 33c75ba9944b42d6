import Synchronization

/// Whether a node's address may be listened on, for those who wait for a change.
final class NodeDoors: Sendable {
  private struct Waiter {
    let node: Int
    let wantsOpen: Bool
    let continuation: CheckedContinuation<Void, Never>
  }

  private struct State {
    var shut: Set<Int> = []
    var waiters: [Int: Waiter] = [:]
    var lastID = 0
  }

  private let state = Mutex(State())

  /// Says which nodes' doors are shut now.
  func set(shut: Set<Int>) {
    let moved = state.withLock { state in
      state.shut = shut
      let moved = state.waiters.filter { shut.contains($0.value.node) != $0.value.wantsOpen }
      for id in moved.keys { state.waiters[id] = nil }
      return moved.values.map(\.continuation)
    }
    for continuation in moved { continuation.resume() }
  }

  /// Waits until the node's door is as wanted, or the task is cancelled.
  func wait(_ node: Int, isOpen wanted: Bool) async {
    let id = state.withLock { state in
      state.lastID += 1
      return state.lastID
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isNow = state.withLock { state in
          if state.shut.contains(node) != wanted || Task.isCancelled { return true }
          state.waiters[id] = Waiter(node: node, wantsOpen: wanted, continuation: continuation)
          return false
        }
        if isNow { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiters.removeValue(forKey: id) }?.continuation.resume()
    }
  }
}
