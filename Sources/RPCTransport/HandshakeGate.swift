import NIOCore
import Synchronization

/// How many handshakes may run, all together and from one address. What it refuses is closed at
/// accept, nothing read.
final class HandshakeGate: Sendable {
  fileprivate struct Address {
    var pending = 0
    var allowance = TransportLimits.handshakeBurstPerAddress
    var refilledAt: NIODeadline
  }

  private struct State {
    var pending = 0
    var addresses: [String: Address] = [:]
  }

  private let state = Mutex(State())

  func enter(_ name: String, now: NIODeadline = .now()) -> Bool {
    state.withLock { state in
      guard state.pending < TransportLimits.pendingHandshakes else { return false }
      if state.addresses[name] == nil {
        if state.addresses.count >= TransportLimits.addressesMax {
          state.addresses = state.addresses.filter {
            $0.value.pending > 0
              || $0.value.refilled(now).allowance < TransportLimits.handshakeBurstPerAddress
          }
          guard state.addresses.count < TransportLimits.addressesMax else { return false }
        }
        state.addresses[name] = Address(refilledAt: now)
      }
      guard var address = state.addresses[name]?.refilled(now), address.allowance >= 1,
        address.pending < TransportLimits.pendingHandshakesPerAddress
      else { return false }
      address.allowance -= 1
      address.pending += 1
      state.addresses[name] = address
      state.pending += 1
      return true
    }
  }

  /// The handshake is over; `accepted` gives the allowance back, so that a farm behind one address
  /// is not punished.
  func leave(_ name: String, accepted: Bool) {
    state.withLock { state in
      state.pending -= 1
      guard var address = state.addresses[name] else { return }
      address.pending -= 1
      if accepted {
        address.allowance = min(
          address.allowance + 1, TransportLimits.handshakeBurstPerAddress)
      }
      state.addresses[name] = address
    }
  }
}

extension HandshakeGate.Address {
  fileprivate func refilled(_ now: NIODeadline) -> Self {
    guard now > refilledAt else { return self }
    var copy = self
    let seconds = Double((now - refilledAt).nanoseconds) / 1e9
    copy.allowance = min(
      TransportLimits.handshakeBurstPerAddress,
      allowance + seconds * TransportLimits.handshakesPerSecondPerAddress)
    copy.refilledAt = now
    return copy
  }
}
