import Synchronization

/// Counts open event streams against their limits.
final class StreamPlaces: Sendable {
  private struct State {
    var total = 0
    var byFarmer: [API.FarmerID: Int] = [:]
  }

  private let state = Mutex(State())

  var total: Int { state.withLock { $0.total } }

  /// Takes a place that must be given back by ``leave(_:)``.
  func enter(_ farmer: API.FarmerID) throws(BridgeError) {
    let admitted = state.withLock { state in
      guard state.total < Limits.streamsMax,
        state.byFarmer[farmer, default: 0] < Limits.streamsPerFarmerMax
      else { return false }
      state.total += 1
      state.byFarmer[farmer, default: 0] += 1
      return true
    }
    guard admitted else {
      throw BridgeError(
        .tooManyRequests, "Too many pages are open at once: close some.", retryAfter: .seconds(30))
    }
  }

  func leave(_ farmer: API.FarmerID) {
    state.withLock { state in
      state.total -= 1
      let left = state.byFarmer[farmer, default: 1] - 1
      state.byFarmer[farmer] = left == 0 ? nil : left
    }
  }
}
