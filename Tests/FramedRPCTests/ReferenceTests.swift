import Bytes
import Foundation
import Testing

@testable import FramedRPC

/// Random sequences of a peer's frames and the application's wishes: what an end makes of them is what
/// ``ReferenceWire`` says, after every record.
///
/// `KALEPOOL_FULL_COUNTS` plays a million sequences instead of some thousand.
@Suite struct ReferenceTests {
  @Test func anEndJudgesFramesAsTheReferenceDoes() throws {
    let isFull = ProcessInfo.processInfo.environment["KALEPOOL_FULL_COUNTS"] != nil
    var tally = RandomPlay.Tally()
    for seed in 0..<UInt64(isFull ? 1_000_000 : 4_000) {
      var play = RandomPlay(seed: seed)
      try play.run()
      tally.add(play.tally)
    }
    print("reference: \(tally)")
    // Every kind of end and of event was among them, or nothing was compared.
    #expect(Set(tally.breaches.keys) == [.protocolError, .credit, .limit])
    #expect(tally.told.count == 8 && tally.told.values.allSatisfy { $0 > 20 }, "\(tally.told)")
    #expect(tally.calmed > 20 && tally.closed > 20)
  }
}

/// One sequence.
struct RandomPlay {
  struct Mismatch: Error, CustomStringConvertible { let description: String }

  struct Tally {
    var frames = 0
    var breaches: [CloseCode: Int] = [:]
    var told: [String: Int] = [:]
    var calmed = 0
    var closed = 0

    mutating func add(_ other: Tally) {
      frames += other.frames
      breaches.merge(other.breaches, uniquingKeysWith: +)
      told.merge(other.told, uniquingKeysWith: +)
      calmed += other.calmed
      closed += other.closed
    }
  }

  private static let method = MethodInfo(
    id: 3, service: "Test", name: "Both", kind: .bidirectional, requestBytesMax: 1_200,
    responseBytesMax: 1_200)
  private static let terms = RPCConnection.Terms(
    streamsMax: 3, connectionCreditBytes: 3_000, streamCreditMessages: 4, messageBytesMax: 1_500)

  private let seed: UInt64
  private let isFlood: Bool
  /// How likely the peer says what nobody may say, wherever it can.
  private let oddity: Double
  /// Whether it keeps to its credit.
  private let heedsCredit: Bool
  private var random: SplitMix
  private var end: RPCConnection
  private var reference: ReferenceWire
  /// Delivered and not taken yet.
  private var inbox: [(stream: UInt32, bytes: Int)] = []
  private(set) var tally = Tally()

  init(seed: UInt64) {
    self.seed = seed
    random = SplitMix(seed: seed)
    isFlood = seed.isMultiple(of: 50)
    oddity = seed.isMultiple(of: 2) ? 0 : 0.05
    heedsCredit = !seed.isMultiple(of: 5)
    let role: RPCConnection.Role = seed.isMultiple(of: 3) ? .agent : .server
    end = RPCConnection(role: role, terms: Self.terms) { $0 == 3 ? Self.method : nil }
    reference = ReferenceWire(
      role: role, terms: Self.terms, method: 3, bytesMax: Self.method.requestBytesMax)
  }

  mutating func run() throws {
    for _ in 0..<(isFlood ? 300 : Int.random(in: 1...90, using: &random)) {
      if chance(isFlood ? 0.9 : 0.6) {
        guard try hear() else { break }
      } else {
        act()
      }
      try speak()
      guard end.openStreams == reference.streams.count, end.creditBytes == reference.ownCredit,
        Self.terms.connectionCreditBytes - end.ungivenBytes == reference.peerCredit
      else { throw mismatch("streams or credits differ") }
    }
    if reference.hasSaidGoAway { tally.calmed += 1 }
  }

  private func mismatch(_ what: String) -> Mismatch {
    Mismatch(description: "seed \(seed): \(what)")
  }

  private mutating func chance(_ share: Double) -> Bool {
    Double.random(in: 0..<1, using: &random) < share
  }

  // MARK: What the peer says

  /// One record. False: the session is over.
  private mutating func hear() throws -> Bool {
    var plain: [UInt8] = []
    var told: [ReferenceWire.Told] = []
    var wrong: Set<CloseCode>?
    var isLastOfRecord = false
    let count = chance(0.02) ? 0 : Int.random(in: 1...3, using: &random)
    for _ in 0..<count where wrong == nil {
      if isLastOfRecord, !isOdd { break }
      let frame = frame()
      frame.append(to: &plain)
      tally.frames += 1
      wrong = isLastOfRecord ? [.protocolError] : reference.peerSays(frame, &told)
      isLastOfRecord = [FrameType.rekey.rawValue, FrameType.close.rawValue].contains(frame.type)
    }
    if count == 0 { wrong = reference.countControl() }
    if count == 0 || chance(0.2) { plain.append(contentsOf: repeatElement(0, count: 9)) }
    let events: [RPCConnection.Event]
    do { events = try end.receive(plain, nowMs: 0) } catch {
      guard let wrong, wrong.contains(error.code) else {
        throw mismatch(
          "\(error) where the reference says \(wrong.map { "\($0)" } ?? "all is well")")
      }
      tally.breaches[error.code, default: 0] += 1
      return false
    }
    if let wrong { throw mismatch("taken, where the reference says \(wrong)") }
    let got = events.compactMap(ReferenceWire.Told.init)
    guard got == told else { throw mismatch("told \(got) instead of \(told)") }
    for one in told {
      tally.told["\(one)".prefix { $0 != "(" }.description, default: 0] += 1
      if case .message(let stream, let bytes) = one { inbox.append((stream, bytes)) }
    }
    guard told.contains(.closed) else { return true }
    tally.closed += 1
    do { _ = try end.receive([0], nowMs: 0) } catch { return false }
    throw mismatch("something was taken after CLOSE")
  }

  /// What an honest peer might say, mostly.
  private mutating func frame() -> Frame {
    if isOdd { return oddFrame() }
    let number = Int.random(in: 0..<200, using: &random)
    if isFlood {
      return number < 80 ? Frame(.ping, payload: bytes(8)) : number < 140 ? open() : reset()
    }
    switch number {
    case 0..<36: return open()
    case 36..<126: return data()
    case 126..<140: return endFrame()
    case 140..<150: return reset()
    case 150..<180:
      let count = [1, 1, 2, 3, 50, 700].randomElement(using: &random) ?? 1
      return credit(count, on: chance(0.5) ? nil : known { _ in true })
    case 180..<187: return Frame(.ping, payload: bytes(8))
    case 187..<191: return Frame(.pong, payload: bytes(8))
    case 191: return Frame(.goAway, payload: bytes(12))
    case 192..<195: return Frame(.rekey)
    case 195:
      return chance(0.5) ? Frame(.close, payload: bytes(8)) : Frame(.pong, payload: bytes(8))
    default: return Frame(type: 200, flags: 255, stream: 77, payload: bytes(5))
    }
  }

  private mutating func open() -> Frame {
    let first: UInt32 = reference.role == .server ? 1 : 2
    let id = reference.highestOfPeer == 0 ? first : reference.highestOfPeer + 2
    var payload: [UInt8] = [0, 3, 0, 0, 0, 9]
    if chance(0.1) { payload += [0x12, 6, 0x0A, 1, 97, 0x12, 1, 98] }
    // Headers that are none: the stream alone is refused.
    if chance(0.05) { payload.append(0xFF) }
    return Frame(.open, flags: chance(0.2) ? Frame.last : 0, stream: id, payload: payload[...])
  }

  private mutating func data() -> Frame {
    guard let id = known({ !$0.peerHasFinished }) else { return open() }
    var count = [0, 1, 7, 100, 100, 400, 700, 1_200, 1_300].randomElement(using: &random) ?? 0
    guard let stream = reference.streams[id] else {
      return Frame(.data, stream: id, payload: bytes(count))
    }
    if heedsCredit {
      guard stream.part != nil || stream.messagesLeft > 0 else {
        return Frame(.pong, payload: bytes(8))
      }
      let half = Self.terms.connectionCreditBytes / 2 - stream.counting.reduce(0, +)
      count = min(count, half, reference.peerCredit)
    }
    let isMore = count > 0 && chance(0.3)
    let isLast = !isMore && stream.isPeers && chance(0.2)
    return Frame(
      .data, flags: isMore ? Frame.more : isLast ? Frame.last : 0, stream: id, payload: bytes(count)
    )
  }

  private mutating func endFrame() -> Frame {
    let id = known { $0.part == nil && !($0.isPeers && $0.peerHasFinished) }
    guard let id else { return open() }
    let isPeers = reference.streams[id]?.isPeers ?? true
    return Frame(.end, stream: id, payload: isPeers || chance(0.5) ? [] : [8, 5])
  }

  private mutating func reset() -> Frame {
    guard let id = known({ _ in true }) else { return open() }
    return Frame(.reset, stream: id, payload: [0, 0, 0, 1])
  }

  private func credit(_ count: Int, on stream: UInt32?) -> Frame {
    var payload: [UInt8] = []
    payload.append(bigEndian: UInt32(count))
    return Frame(.credit, stream: stream ?? 0, payload: payload[...])
  }

  /// One that is open, and fit for what is wanted; now and then one that is over.
  private mutating func known(_ fits: (ReferenceWire.Stream) -> Bool) -> UInt32? {
    if reference.highestOfPeer > 0, chance(0.05) {
      let over = UInt32.random(in: 0...(reference.highestOfPeer - 1) / 2, using: &random) * 2
      let id = over + (reference.role == .server ? 1 : 2)
      if reference.streams[id] == nil, id <= reference.highestOfPeer { return id }
    }
    return reference.streams.filter { fits($0.value) }.keys.sorted().randomElement(using: &random)
  }

  private var isOdd: Bool { mutating get { chance(oddity) } }

  /// What breaks a rule, or may.
  private mutating func oddFrame() -> Frame {
    let id = UInt32.random(in: 0...12, using: &random)
    let flags = UInt8.random(in: 0...4, using: &random)
    let counts = [0, 4, 5, 6, 7, 8, 12, 265, 1_300]
    let payload = bytes(counts.randomElement(using: &random) ?? 0)
    switch Int.random(in: 0..<4, using: &random) {
    case 0: return credit(chance(0.5) ? 0 : 1 << 31 - 1, on: id / 4)
    case 1:
      return Frame(
        type: UInt8.random(in: 11...127, using: &random), flags: 0, stream: 0, payload: [])
    default:
      return Frame(
        type: UInt8.random(in: 1...10, using: &random), flags: flags, stream: id, payload: payload)
    }
  }

  private func bytes(_ count: Int) -> ArraySlice<UInt8> { [UInt8](repeating: 1, count: count)[...] }

  // MARK: What its own application wants

  private mutating func act() {
    let open = reference.streams.keys.sorted()
    let id = open.randomElement(using: &random)
    let isOwn = id.map(end.isOwn) ?? false
    switch Int.random(in: 0..<20, using: &random) {
    case 0..<3: _ = try? end.open(Self.method, remainingMs: 0, isLast: chance(0.2))
    case 3..<9:
      guard let id else { return }
      let count = [0, 1, 100, 700, 1_200].randomElement(using: &random) ?? 0
      end.send([UInt8](repeating: 2, count: count), on: id, isLast: isOwn && chance(0.2))
    case 9: if let id, isOwn { end.finish(id) }
    case 10: if let id, !isOwn { end.end(id, error: chance(0.5) ? nil : RPCError(.aborted, "")) }
    case 11: if let id { end.reset(id, .cancelled) }
    case 12: end.ping(7)
    case 13: end.rekey()
    case 14: if chance(0.1) { end.goAway(.age, "") }
    default:
      guard !inbox.isEmpty else { return }
      let message = inbox.removeFirst()
      end.consumed(message.stream, bytes: message.bytes)
    }
  }

  /// All that the end wants to say now is what it may say.
  private mutating func speak() throws {
    while let plain = end.nextPlain() {
      var reader = FrameReader(plain.bytes)
      while let frame = try reader.next() {
        guard reference.weSay(frame) else { throw mismatch("it may not say \(frame)") }
      }
      _ = end.takeSent()
    }
  }
}

extension ReferenceWire.Told {
  /// Nil for what the wire does not cause.
  init?(_ event: RPCConnection.Event) {
    switch event {
    case .opened(let id, _, _, _): self = .opened(id)
    case .message(let id, let bytes): self = .message(id, bytes: bytes.count)
    case .inputEnded(let id): self = .inputEnded(id)
    case .ended(let id, let error): self = .ended(id, isOK: error == nil)
    case .reset(let id, _, _): self = .reset(id)
    case .goAway: self = .goAway
    case .rekeyed: self = .rekeyed
    case .closed: self = .closed
    case .sent: return nil
    }
  }
}
