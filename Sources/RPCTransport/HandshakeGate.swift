import NIOCore
import Synchronization

/// How many handshakes may run, all together and from one address, and how much work they may be.
///
/// What it refuses is closed at accept, nothing read. A full table makes room: a handshake that has
/// failed already goes first, then the oldest of the network that holds most, so that those who
/// fill it shut out themselves. Source: PROTOCOL.md, "Limits".
final class HandshakeGate: Sendable {
  /// One handshake's place.
  struct Place: Sendable, Hashable { fileprivate let number: UInt64 }

  fileprivate struct Address {
    var pending = 0
    var allowance = TransportLimits.handshakeBurstPerAddress
    var refilledAt: NIODeadline
  }

  fileprivate struct Entry {
    let address: String
    let network: String
    let close: @Sendable () -> Void
  }

  fileprivate struct State {
    var entries: [Place: Entry] = [:]
    var lastNumber: UInt64 = 0
    /// Oldest first; those that have left are skipped.
    var networks: [String: [Place]] = [:]
    var pendingOf: [String: Int] = [:]
    var failed: [Place] = []
    var addresses: [String: Address] = [:]
  }

  private let state = Mutex(State())

  /// - Parameter close: ends the handshake when its place is taken; called outside of any lock.
  func enter(
    _ name: String, now: NIODeadline = .now(), close: @escaping @Sendable () -> Void = {}
  ) -> Place? {
    let (place, evicted) = state.withLock { state -> (Place?, Entry?) in
      guard state.allow(name, now) else { return (nil, nil) }
      var evicted: Entry?
      if state.entries.count >= TransportLimits.pendingHandshakes { evicted = state.evict() }
      state.lastNumber += 1
      let place = Place(number: state.lastNumber)
      let network = Self.network(of: name)
      state.entries[place] = Entry(address: name, network: network, close: close)
      state.networks[network, default: []].append(place)
      state.pendingOf[network, default: 0] += 1
      return (place, evicted)
    }
    evicted?.close()
    return place
  }

  /// The handshake has failed and only waits for its silent end.
  func failed(_ place: Place) {
    state.withLock { state in
      guard state.entries[place] != nil else { return }
      state.failed.append(place)
    }
  }

  /// The handshake is over; `accepted` gives the allowance back, so that a farm behind one address
  /// is not punished.
  func leave(_ place: Place, accepted: Bool) {
    state.withLock { state in
      guard let name = state.remove(place)?.address, accepted else { return }
      guard let address = state.addresses[name] else { return }
      state.addresses[name]?.allowance = min(
        address.allowance + 1, TransportLimits.handshakeBurstPerAddress)
    }
  }

  /// How many handshakes are under way.
  var pending: Int { state.withLock { $0.entries.count } }

  /// The /24 of an IPv4 address, the /56 of an IPv6 one: what one owner usually has.
  static func network(of address: String) -> String {
    if address.contains(".") {
      return address.split(separator: ".").prefix(3).joined(separator: ".")
    }
    let host = address.split(separator: "%").first ?? ""
    var groups = host.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    if let gap = groups.firstIndex(of: "") {
      let rest = groups[gap...].filter { !$0.isEmpty }
      let missing = max(0, 8 - groups[..<gap].filter { !$0.isEmpty }.count - rest.count)
      groups =
        groups[..<gap].filter { !$0.isEmpty } + Array(repeating: "0", count: missing) + rest
    }
    let words = groups.prefix(4).map { UInt16($0, radix: 16) ?? 0 }
    guard words.count == 4 else { return address }
    return words[..<3].map { String($0, radix: 16) }.joined(separator: ":") + ":"
      + String(words[3] >> 8, radix: 16)
  }
}

extension HandshakeGate.State {
  /// Whether the address may have one more; then it is counted.
  fileprivate mutating func allow(_ name: String, _ now: NIODeadline) -> Bool {
    if addresses[name] == nil {
      if addresses.count >= TransportLimits.addressesMax {
        addresses = addresses.filter {
          $0.value.pending > 0
            || $0.value.refilled(now).allowance < TransportLimits.handshakeBurstPerAddress
        }
        guard addresses.count < TransportLimits.addressesMax else { return false }
      }
      addresses[name] = HandshakeGate.Address(refilledAt: now)
    }
    guard var address = addresses[name]?.refilled(now), address.allowance >= 1,
      address.pending < TransportLimits.pendingHandshakesPerAddress
    else { return false }
    address.allowance -= 1
    address.pending += 1
    addresses[name] = address
    return true
  }

  fileprivate mutating func evict() -> HandshakeGate.Entry? {
    while let place = failed.popLast() {
      if let entry = remove(place) { return entry }
    }
    guard let fullest = pendingOf.max(by: { $0.value < $1.value })?.key,
      let oldest = networks[fullest]?.first(where: { entries[$0] != nil })
    else { return nil }
    return remove(oldest)
  }

  fileprivate mutating func remove(_ place: HandshakeGate.Place) -> HandshakeGate.Entry? {
    guard let entry = entries.removeValue(forKey: place) else { return nil }
    addresses[entry.address]?.pending -= 1
    let left = pendingOf[entry.network, default: 1] - 1
    if left == 0 {
      pendingOf[entry.network] = nil
      networks[entry.network] = nil
    } else {
      pendingOf[entry.network] = left
      // Those that have left are swept now and then, so that the list stays in proportion.
      if let places = networks[entry.network], places.count > 2 * left + 64 {
        networks[entry.network] = places.filter { entries[$0] != nil }
      }
    }
    return entry
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
