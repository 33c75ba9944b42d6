import Sodium

/// Sizes of records. Source: PROTOCOL.md, "Records".
package enum RecordLimits {
  /// The length field before the box.
  package static let lengthBytes = 2
  /// A box of the smallest plain, one frame header.
  package static let boxBytesMin = 24
  package static let plainBytesMin = 8
  /// What u16 leaves after the tag.
  package static let plainBytesMax = 65_519
  /// A direction's key is exchanged before this counter is reached.
  package static let counterEnd: UInt64 = 1 << 20
}

/// Why a record was not taken. Either way the connection ends without another byte.
package enum RecordError: Error, Sendable, Hashable {
  /// Replayed, lost, reordered, reflected or changed.
  case badTag
  /// The peer kept a key too long.
  case counterEnd
}

/// One direction's key, epoch and counter.
private struct DirectionKey: Sendable {
  var key: [UInt8]
  var epoch: UInt32 = 0
  var counter: UInt64 = 0
  let label: BoxLabel

  mutating func next() -> [UInt8] {
    precondition(counter < RecordLimits.counterEnd, "a nonce would be used twice")
    defer { counter += 1 }
    return label.nonce(epoch: epoch, counter: counter)
  }

  mutating func rekey() {
    let fresh = Blake2b.hash(Array("FSP1 rekey".utf8), key: key)
    wipe(&key)
    key = fresh
    epoch += 1
    counter = 0
  }
}

/// Which way records go.
package enum RecordDirection: Sendable {
  case agentToServer
  case serverToAgent

  fileprivate var label: BoxLabel { self == .agentToServer ? .agentToServer : .serverToAgent }
}

/// Seals the records of one direction.
package struct RecordSealer: Sendable {
  private var state: DirectionKey

  package init(key: [UInt8], direction: RecordDirection) {
    state = DirectionKey(key: key, label: direction.label)
  }

  package var epoch: UInt32 { state.epoch }
  package var counter: UInt64 { state.counter }

  /// Whether the next record must end with REKEY.
  package var mustRekey: Bool { state.counter >= RecordLimits.counterEnd - 1 }

  /// Length and box of `plain` (8…65,519 bytes); with `rekeys`, `plain` ends with REKEY and the
  /// next record has another key.
  package mutating func seal(_ plain: [UInt8], rekeys: Bool = false) -> [UInt8] {
    precondition((RecordLimits.plainBytesMin...RecordLimits.plainBytesMax).contains(plain.count))
    let box = Box.seal(plain, nonce: state.next(), key: state.key)
    if rekeys { state.rekey() }
    var out: [UInt8] = []
    out.reserveCapacity(2 + box.count)
    out.append(bigEndian: UInt16(box.count))
    out += box
    return out
  }

  /// Forgets the key.
  package mutating func close() { wipe(&state.key) }
}

/// Opens the records of the other direction.
package struct RecordOpener: Sendable {
  private var state: DirectionKey

  package init(key: [UInt8], direction: RecordDirection) {
    state = DirectionKey(key: key, label: direction.label)
  }

  package var epoch: UInt32 { state.epoch }
  package var counter: UInt64 { state.counter }

  /// The plain text of one box, without its length field.
  package mutating func open(_ box: some Collection<UInt8>) throws(RecordError) -> [UInt8] {
    guard state.counter < RecordLimits.counterEnd else { throw .counterEnd }
    guard box.count >= RecordLimits.boxBytesMin,
      let plain = Box.open(box, nonce: state.next(), key: state.key)
    else { throw .badTag }
    return plain
  }

  /// After a record that ended with REKEY.
  package mutating func rekey() { state.rekey() }

  package mutating func close() { wipe(&state.key) }
}

/// Hides how long a record's frames are: zeros up to the next of 64, 128, … 32,768, 65,519 bytes.
package enum Padding {
  package static func pad(_ plain: inout [UInt8]) {
    var size = 64
    while size < plain.count { size *= 2 }
    size = min(size, RecordLimits.plainBytesMax)
    if plain.count < size { plain.append(contentsOf: repeatElement(0, count: size - plain.count)) }
  }
}
