@testable import FramedRPC

/// What PROTOCOL.md lets a peer say, and what one end must make of it, judged from the frames of both
/// directions and from nothing else: written for clearness, not for speed, and apart from the code.
struct ReferenceWire {
  /// What the end under test must tell its application.
  enum Told: Hashable {
    case opened(UInt32)
    case message(UInt32, bytes: Int)
    case inputEnded(UInt32)
    case ended(UInt32, isOK: Bool)
    case reset(UInt32)
    case goAway
    case rekeyed
    case closed
  }

  /// One stream, as both ends see it.
  struct Stream {
    var isPeers: Bool
    /// Longest message of the peer's: none at all to a method that is not served.
    var bytesMax: Int
    /// The peer sends no more messages.
    var peerHasFinished = false
    /// Bytes so far of a message that is not whole.
    var part: Int?
    /// What the peer may still send: messages, and which of its messages count towards its half.
    var messagesLeft: Int
    var counting: [Int] = []
    /// The same for what we send it.
    var ownMessagesLeft: Int
    var ownCounting: [Int] = []
    var ownPart: Int?
    var weHaveFinished = false
  }

  let role: RPCConnection.Role
  let terms: RPCConnection.Terms
  /// Of the one method served, and of its answers.
  let bytesMax: Int
  let method: UInt16

  var streams: [UInt32: Stream] = [:]
  private(set) var highestOfPeer: UInt32 = 0
  private var highestOwn: UInt32 = 0
  private(set) var peerCredit: Int
  private(set) var ownCredit: Int
  private var controlFrames = 0
  private var cancels = 0
  private var creditFrames = 0
  private var dataFramesSent = 0
  private(set) var hasSaidGoAway = false

  init(
    role: RPCConnection.Role, terms: RPCConnection.Terms, method: UInt16, bytesMax: Int
  ) {
    (self.role, self.terms, self.method, self.bytesMax) = (role, terms, method, bytesMax)
    peerCredit = terms.connectionCreditBytes
    ownCredit = terms.connectionCreditBytes
  }

  private func isPeers(_ id: UInt32) -> Bool {
    id.isMultiple(of: 2) == (role == .agent)
  }

  // MARK: The peer's frames

  /// Nil where nothing is wrong; else every code that fits what is. `told` is what is due.
  mutating func peerSays(_ frame: Frame, _ told: inout [Told]) -> Set<CloseCode>? {
    var wrong: Set<CloseCode> = []
    if frame.type >= 128 { return countControl() }
    guard let type = FrameType(rawValue: frame.type) else { return [.protocolError] }
    if !isWellFormed(frame, type) { return [.protocolError] }
    switch type {
    case .open:
      guard isPeers(frame.stream), frame.stream > highestOfPeer else { return [.protocolError] }
      highestOfPeer = frame.stream
      let peers = streams.values.count { $0.isPeers }
      let headersHold = Headers(decoding: frame.payload.dropFirst(6)) != nil
      guard !hasSaidGoAway, peers < terms.streamsMax, headersHold else { return nil }
      let asked =
        UInt16(frame.payload[frame.payload.startIndex]) << 8
        | UInt16(frame.payload[frame.payload.startIndex + 1])
      var stream = Stream(
        isPeers: true, bytesMax: asked == method ? bytesMax : 0,
        messagesLeft: terms.streamCreditMessages,
        ownMessagesLeft: terms.streamCreditMessages)
      told.append(.opened(frame.stream))
      if frame.flags & Frame.last != 0 {
        stream.peerHasFinished = true
        told.append(.inputEnded(frame.stream))
      }
      streams[frame.stream] = stream
      return nil
    case .data: return peerSendsData(frame, &told)
    case .end:
      guard wasOpened(frame.stream) else { return [.protocolError] }
      guard var stream = streams[frame.stream] else { return nil }
      if stream.part != nil { wrong.insert(.protocolError) }
      if stream.isPeers {
        if !frame.payload.isEmpty || stream.peerHasFinished { wrong.insert(.protocolError) }
        guard wrong.isEmpty else { return wrong }
        stream.peerHasFinished = true
        streams[frame.stream] = stream
        told.append(.inputEnded(frame.stream))
      } else {
        let isOK: Bool
        do { isOK = try Trailers.decode(frame.payload) == nil } catch { return [.protocolError] }
        guard wrong.isEmpty else { return wrong }
        streams[frame.stream] = nil
        told.append(.ended(frame.stream, isOK: isOK))
      }
      return nil
    case .reset:
      if let wrong = countControl() { return wrong }
      guard wasOpened(frame.stream) else { return [.protocolError] }
      guard let stream = streams.removeValue(forKey: frame.stream) else { return nil }
      if stream.isPeers {
        cancels += 1
        if cancels > 50 { hasSaidGoAway = true }
      }
      told.append(.reset(frame.stream))
      return nil
    case .credit: return peerGivesCredit(frame)
    case .ping, .pong: return countControl()
    case .goAway:
      if let wrong = countControl() { return wrong }
      told.append(.goAway)
      return nil
    case .rekey:
      if let wrong = countControl() { return wrong }
      told.append(.rekeyed)
      return nil
    case .close:
      told.append(.closed)
      return nil
    }
  }

  /// A record of padding alone, or a control frame. All within one moment: nothing is refilled.
  mutating func countControl() -> Set<CloseCode>? {
    controlFrames += 1
    if controlFrames > 100 { hasSaidGoAway = true }
    return controlFrames > 200 ? [.limit] : nil
  }

  private func wasOpened(_ id: UInt32) -> Bool {
    id <= (isPeers(id) ? highestOfPeer : highestOwn)
  }

  /// The tables of "Frames".
  private func isWellFormed(_ frame: Frame, _ type: FrameType) -> Bool {
    let count = frame.payload.count
    let (more, last) = (frame.flags & 1 != 0, frame.flags & 2 != 0)
    guard frame.flags < 4 else { return false }
    switch type {
    case .open: return !more && frame.stream != 0 && count >= 6 && count <= 6 + 8_192
    case .data: return !(more && last) && frame.stream != 0
    case .end: return frame.flags == 0 && frame.stream != 0 && count <= 8_192
    case .reset: return frame.flags == 0 && frame.stream != 0 && count == 4
    case .credit: return frame.flags == 0 && count == 4
    case .ping, .pong: return frame.flags == 0 && frame.stream == 0 && count == 8
    case .goAway, .close:
      return frame.flags == 0 && frame.stream == 0 && (8...8 + 256).contains(count)
    case .rekey: return frame.flags == 0 && frame.stream == 0 && count == 0
    }
  }

  private mutating func peerSendsData(_ frame: Frame, _ told: inout [Told]) -> Set<CloseCode>? {
    let (id, count) = (frame.stream, frame.payload.count)
    let (more, last) = (frame.flags & 1 != 0, frame.flags & 2 != 0)
    var wrong: Set<CloseCode> = []
    if more, count == 0 { wrong.insert(.protocolError) }
    if !wasOpened(id) { wrong.insert(.protocolError) }
    peerCredit -= count
    if peerCredit < 0 { wrong.insert(.credit) }
    guard var stream = streams[id] else { return wrong.isEmpty ? nil : wrong }
    if stream.peerHasFinished { wrong.insert(.protocolError) }
    if last, !stream.isPeers { wrong.insert(.protocolError) }
    if stream.part == nil {
      stream.messagesLeft -= 1
      stream.counting.append(0)
    }
    stream.counting[stream.counting.count - 1] += count
    if stream.messagesLeft < 0 || stream.counting.reduce(0, +) > terms.connectionCreditBytes / 2 {
      wrong.insert(.credit)
    }
    guard wrong.isEmpty else { return wrong }
    let bytes = (stream.part ?? 0) + count
    guard bytes <= stream.bytesMax else {
      streams[id] = nil
      told.append(.reset(id))
      return nil
    }
    stream.part = more ? bytes : nil
    if !more { told.append(.message(id, bytes: bytes)) }
    if last {
      stream.peerHasFinished = true
      told.append(.inputEnded(id))
    }
    streams[id] = stream
    return nil
  }

  private mutating func peerGivesCredit(_ frame: Frame) -> Set<CloseCode>? {
    var wrong: Set<CloseCode> = []
    creditFrames += 1
    if creditFrames > 2 * dataFramesSent + 16 { wrong.insert(.limit) }
    let count = frame.payload.reduce(0) { $0 << 8 | Int($1) }
    if count == 0 { wrong.insert(.protocolError) }
    if frame.stream == 0 {
      if ownCredit + count > 1 << 31 - 1 { wrong.insert(.credit) }
      ownCredit += count
      return wrong.isEmpty ? nil : wrong
    }
    if !wasOpened(frame.stream) { wrong.insert(.protocolError) }
    if var stream = streams[frame.stream] {
      stream.ownMessagesLeft += count
      stream.ownCounting.removeFirst(min(count, stream.ownCounting.count))
      streams[frame.stream] = stream
      if stream.ownMessagesLeft > 1 << 31 - 1 { wrong.insert(.credit) }
    }
    return wrong.isEmpty ? nil : wrong
  }

  // MARK: Our frames

  /// Whether the end under test may say this; takes note of it.
  mutating func weSay(_ frame: Frame) -> Bool {
    guard let type = FrameType(rawValue: frame.type), isWellFormed(frame, type) else {
      return false
    }
    let id = frame.stream
    switch type {
    case .open:
      guard !isPeers(id), id > highestOwn,
        streams.values.count(where: { !$0.isPeers }) < terms.streamsMax
      else { return false }
      highestOwn = id
      var stream = Stream(
        isPeers: false, bytesMax: bytesMax, messagesLeft: terms.streamCreditMessages,
        ownMessagesLeft: terms.streamCreditMessages)
      stream.weHaveFinished = frame.flags & Frame.last != 0
      streams[id] = stream
      return true
    case .data:
      guard var stream = streams[id], !stream.weHaveFinished else { return false }
      dataFramesSent += 1
      let count = frame.payload.count
      ownCredit -= count
      if stream.ownPart == nil {
        stream.ownMessagesLeft -= 1
        stream.ownCounting.append(0)
      }
      stream.ownCounting[stream.ownCounting.count - 1] += count
      stream.ownPart = frame.flags & Frame.more != 0 ? (stream.ownPart ?? 0) + count : nil
      if frame.flags & Frame.last != 0 {
        guard !stream.isPeers else { return false }
        stream.weHaveFinished = true
      }
      streams[id] = stream
      return ownCredit >= 0 && stream.ownMessagesLeft >= 0
        && stream.ownCounting.reduce(0, +) <= terms.connectionCreditBytes / 2
    case .end:
      guard var stream = streams[id], !stream.weHaveFinished, stream.ownPart == nil else {
        return false
      }
      stream.weHaveFinished = true
      streams[id] = stream.isPeers ? nil : stream
      return true
    case .reset:
      streams[id] = nil
      return wasOpened(id)
    case .credit:
      let count = frame.payload.reduce(0) { $0 << 8 | Int($1) }
      if id == 0 {
        peerCredit += count
        return count > 0 && peerCredit <= terms.connectionCreditBytes
      }
      guard var stream = streams[id], count > 0 else { return false }
      stream.messagesLeft += count
      guard stream.counting.count >= count else { return false }
      stream.counting.removeFirst(count)
      streams[id] = stream
      return stream.messagesLeft <= terms.streamCreditMessages
    case .goAway:
      hasSaidGoAway = true
      return true
    case .ping, .pong, .rekey, .close: return true
    }
  }
}
