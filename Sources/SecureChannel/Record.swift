import Sodium

/// Sizes of records. Source: PROTOCOL.md, "Records".
package enum RecordLimits {
  /// The length field before the box.
  package static let lengthBytes = 2
  /// Length and tag: what a record has before its cipher text.
  package static let headBytes = lengthBytes + Box.tagBytes
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
  var counter: UInt64
  let label: BoxLabel
  private var nonce: [UInt8]

  init(key: [UInt8], label: BoxLabel, counter: UInt64) {
    self.key = key
    self.label = label
    self.counter = counter
    nonce = label.nonce(epoch: 0, counter: 0)
  }

  mutating func next() -> [UInt8] {
    precondition(counter < RecordLimits.counterEnd, "a nonce would be used twice")
    // Of the counter's eight bytes only the last three ever change.
    for at in 0..<3 { nonce[23 - at] = UInt8(truncatingIfNeeded: counter >> UInt64(8 * at)) }
    counter += 1
    return nonce
  }

  mutating func rekey() {
    let fresh = Blake2b.hash(Array("FSP1 rekey".utf8), key: key)
    wipe(&key)
    key = fresh
    epoch += 1
    counter = 0
    nonce = label.nonce(epoch: epoch, counter: 0)
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
    self.init(key: key, direction: direction, counter: 0)
  }

  init(key: [UInt8], direction: RecordDirection, counter: UInt64) {
    state = DirectionKey(key: key, label: direction.label, counter: counter)
  }

  package var epoch: UInt32 { state.epoch }
  package var counter: UInt64 { state.counter }

  /// Length and box of `plain` (8…65,519 bytes); with `rekeys`, `plain` ends with REKEY and the
  /// next record has another key.
  package mutating func seal(_ plain: [UInt8], rekeys: Bool = false) -> [UInt8] {
    var record = [UInt8](repeating: 0, count: RecordLimits.headBytes) + plain
    seal(inPlace: &record, rekeys: rekeys)
    return record
  }

  /// As ``seal(_:rekeys:)``, where it lies: `record` is ``RecordLimits/headBytes`` of room, then the
  /// plain text.
  package mutating func seal(inPlace record: inout [UInt8], rekeys: Bool = false) {
    let count = record.count - RecordLimits.headBytes
    precondition((RecordLimits.plainBytesMin...RecordLimits.plainBytesMax).contains(count))
    let boxBytes = count + Box.tagBytes
    record[0] = UInt8(boxBytes >> 8)
    record[1] = UInt8(boxBytes & 255)
    Box.seal(
      inPlace: &record, from: RecordLimits.lengthBytes, nonce: state.next(), key: state.key)
    if rekeys { state.rekey() }
  }

  /// Forgets the key.
  package mutating func close() { wipe(&state.key) }
}

/// Opens the records of the other direction.
package struct RecordOpener: Sendable {
  private var state: DirectionKey

  package init(key: [UInt8], direction: RecordDirection) {
    self.init(key: key, direction: direction, counter: 0)
  }

  init(key: [UInt8], direction: RecordDirection, counter: UInt64) {
    state = DirectionKey(key: key, label: direction.label, counter: counter)
  }

  package var epoch: UInt32 { state.epoch }
  package var counter: UInt64 { state.counter }

  /// The plain text of one box, without its length field.
  package mutating func open(_ box: some Collection<UInt8>) throws(RecordError) -> [UInt8] {
    var box = Array(box)
    return Array(try open(inPlace: &box))
  }

  /// As ``open(_:)``, where it lies.
  package mutating func open(inPlace box: inout [UInt8]) throws(RecordError) -> ArraySlice<UInt8> {
    guard state.counter < RecordLimits.counterEnd else { throw .counterEnd }
    guard box.count >= RecordLimits.boxBytesMin,
      Box.open(inPlace: &box, nonce: state.next(), key: state.key)
    else { throw .badTag }
    return box[Box.tagBytes...]
  }

  /// After a record that ended with REKEY.
  package mutating func rekey() { state.rekey() }

  package mutating func close() { wipe(&state.key) }
}

/// Hides how long a record's frames are: zeros up to the next of 64, 128, … 32,768, 65,519 bytes.
package enum Padding {
  /// - Parameter head: bytes of `plain` before its frames.
  package static func pad(_ plain: inout [UInt8], head: Int = 0) {
    let count = plain.count - head
    var size = 64
    while size < count { size *= 2 }
    size = min(size, RecordLimits.plainBytesMax)
    if count < size { plain.append(contentsOf: repeatElement(0, count: size - count)) }
  }
}
