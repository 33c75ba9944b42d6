@testable import FramedRPC

/// What drives one end of a connection as a program would, from a script.
struct Application {
  static let method = MethodInfo(
    id: 3, service: "Test", name: "Both", kind: .bidirectional, requestBytesMax: 3_000,
    responseBytesMax: 2_500, isIdempotent: true)
  static let terms = RPCConnection.Terms(
    streamsMax: 4, connectionCreditBytes: 8_000, streamCreditMessages: 5, messageBytesMax: 3_500)

  var connection: RPCConnection
  /// Streams it knows of, the newest last, and messages it has not taken yet.
  var streams: [UInt32] = []
  var received: [(stream: UInt32, bytes: Int)] = []
  var nowMs: UInt64 = 0
  /// Why the peer was refused, if it was.
  var breach: ProtocolBreach?

  init(_ role: RPCConnection.Role) {
    connection = RPCConnection(role: role, terms: Self.terms) { $0 == 3 ? Self.method : nil }
  }

  /// A record of the peer; false: the session is over.
  mutating func receive(_ plain: [UInt8]) -> Bool {
    let events: [RPCConnection.Event]
    do { events = try connection.receive(plain, nowMs: nowMs) } catch {
      connection.close(error.code, error.reason)
      breach = error
      return false
    }
    for event in events {
      switch event {
      case .opened(let stream, _, _, _): know(stream)
      case .message(let stream, let bytes):
        precondition(bytes.count <= Self.method.requestBytesMax)
        received.append((stream, bytes.count))
      case .closed: return false
      default: break
      }
    }
    check()
    return true
  }

  private mutating func know(_ stream: UInt32) {
    streams.append(stream)
    if streams.count > 8 { streams.removeFirst() }
  }

  /// One wish of the program.
  mutating func act(_ cursor: inout Cursor) {
    let at = Int(cursor.byte())
    let stream = streams.isEmpty ? 1 : streams[at % streams.count]
    let isOwn = connection.isOwn(stream)
    switch cursor.byte() % 9 {
    case 0:
      let id = try? connection.open(
        Self.method, remainingMs: UInt32(at), isLast: at.isMultiple(of: 7))
      if let id { know(id) }
    case 1:
      let count = min(cursor.number(), Self.terms.messageBytesMax)
      connection.send([UInt8](repeating: 5, count: count), on: stream, isLast: isOwn && at & 1 == 0)
    case 2: if isOwn { connection.finish(stream) }
    case 3:
      if !isOwn { connection.end(stream, error: at & 1 == 0 ? nil : RPCError(.aborted, "no")) }
    case 4: connection.reset(stream, .cancelled)
    case 5, 6: take(1 + at % 4)
    case 7: connection.ping(UInt64(at))
    default: connection.rekey()
    }
    check()
  }

  mutating func take(_ count: Int) {
    for one in received.prefix(count) { connection.consumed(one.stream, bytes: one.bytes) }
    received.removeFirst(min(count, received.count))
  }

  /// The next record, which must be sound by itself.
  mutating func nextPlain() -> RPCConnection.Plain? {
    guard let plain = connection.nextPlain() else { return nil }
    precondition((1...RPCLimits.plainBytesMax).contains(plain.bytes.count))
    _ = connection.takeSent()
    return plain
  }

  /// What holds after every step.
  private func check() {
    let terms = Self.terms
    precondition((0...terms.connectionCreditBytes).contains(connection.ungivenBytes))
    precondition(connection.creditToGive <= connection.ungivenBytes)
    precondition((0...terms.streamsMax).contains(connection.ownStreams))
    precondition((0...terms.streamsMax).contains(connection.peerStreams))
    precondition(connection.openStreams == connection.ownStreams + connection.peerStreams)
    precondition((0...RPCLimits.creditMax).contains(connection.creditBytes))
    for stream in connection.streams.values {
      precondition(stream.partial.count <= stream.inboundBytesMax)
      precondition(stream.outstandingBytes <= connection.halfBytes)
    }
  }
}

extension FuzzTarget {
  private static func frame(_ type: UInt8, _ flags: UInt8, _ stream: UInt8, _ payload: [UInt8])
    -> [UInt8]
  {
    [type, flags, 0, 0, 0, stream, UInt8(payload.count >> 8), UInt8(payload.count & 255)] + payload
  }

  private static func record(_ frames: [UInt8]...) -> [UInt8] {
    let plain = frames.flatMap { $0 }
    return [0, UInt8(plain.count >> 8), UInt8(plain.count & 255)] + plain
  }

  /// One end against a peer that says anything.
  static let connection = FuzzTarget(
    "connection",
    seeds: {
      let open = frame(1, 0, 1, [0, 3, 0, 0, 39, 16])
      let openLast = frame(1, 2, 3, [0, 3, 0, 0, 0, 0])
      let headers = frame(1, 0, 1, [0, 3, 0, 0, 0, 9, 0x12, 6, 0x0A, 1, 97, 0x12, 1, 98])
      let data = frame(2, 0, 1, [UInt8](repeating: 1, count: 300))
      let part = frame(2, 1, 1, [UInt8](repeating: 2, count: 200))
      let last = frame(2, 2, 1, [4])
      let trailers = frame(3, 0, 1, [8, 9, 0x1A, 2, 110, 111, 0x3A, 2, 8, 7])
      let code: [UInt8] = [0, 0, 0, 1]
      let ping = frame(6, 0, 0, [UInt8](repeating: 3, count: 8))
      let goAway = frame(8, 0, 0, code + code + [98, 121, 101])
      let close = frame(10, 0, 0, code + code)
      return [
        [0] + record(open, data) + [1, 0, 5, 2] + record(last) + [2],
        [0] + record(open, part, part, data) + [1, 0, 1, 0, 40, 2, 1, 1, 3, 2],
        [0] + record(openLast, headers, ping) + [2] + record(frame(4, 0, 1, code)),
        [1, 1, 0, 0, 1, 0, 1, 0, 200, 2] + record(frame(5, 0, 0, code), frame(5, 0, 1, code))
          + record(data) + record(trailers) + [2],
        [0] + record(goAway) + record(frame(9, 0, 0, [])) + record(ping, close) + [2],
        [0] + record(frame(200, 1, 9, [1, 2])) + record([0, 0, 0, 0, 0, 0, 0, 0]) + [2],
        [1, 1, 0, 0, 2] + record(frame(4, 0, 1, code)) + [3, 4, 2],
      ]
    },
    run: { input in
      var cursor = Cursor(input)
      var application = Application(cursor.byte() & 1 == 0 ? .server : .agent)
      var steps = 0
      loop: while !cursor.isAtEnd, steps < 60 {
        steps += 1
        switch cursor.byte() % 5 {
        case 0: if !application.receive(cursor.bytes(cursor.number())) { break loop }
        case 1: application.act(&cursor)
        case 2: while let plain = application.nextPlain(), !plain.closes {}
        case 3: application.nowMs += UInt64(cursor.number())
        default:
          // A frame that is nearly right.
          let type = cursor.byte() % 12
          let flags = cursor.byte() % 4
          let stream = cursor.byte()
          let payload = cursor.bytes(Int(cursor.byte()))
          if !application.receive(FuzzTarget.frame(type, flags, stream, payload)) { break loop }
        }
      }
      application.connection.close(.done, "")
      while let plain = application.nextPlain(), !plain.closes {}
    })

  /// Two honest ends, in any order of wishes and deliveries: never a breach, and in the end all
  /// credit is back.
  static let pair = FuzzTarget(
    "pair",
    seeds: {
      [
        [0, 0, 0, 0, 0, 1, 4, 0, 2, 3, 1, 0, 1, 1, 0], [0, 0, 0, 2, 2, 1, 0, 0, 3, 3, 1, 0, 5],
        (0..<200).map { UInt8(truncatingIfNeeded: $0 * 37 ^ $0 >> 2) },
        (0..<300).map { UInt8(truncatingIfNeeded: $0 * 91 ^ $0 >> 3) },
      ]
    },
    run: { input in
      var cursor = Cursor(input)
      var ends = [Application(.agent), Application(.server)]
      func deliver(_ from: Int) -> Bool {
        guard let plain = ends[from].nextPlain() else { return false }
        guard ends[1 - from].receive(plain.bytes) else {
          fatalError("an honest peer was refused: \(ends[1 - from].breach as Any)")
        }
        return true
      }
      var steps = 0
      while !cursor.isAtEnd, steps < 60 {
        steps += 1
        // Control frames are limited to so many in a time.
        ends[0].nowMs += 200
        ends[1].nowMs += 200
        let command = cursor.byte()
        let end = Int(command & 1)
        if command & 2 == 0 { ends[end].act(&cursor) } else { _ = deliver(end) }
      }
      for end in 0...1 {
        for stream in ends[end].connection.streams.keys.sorted() {
          ends[end].nowMs += 1_000
          ends[1 - end].nowMs += 1_000
          ends[end].connection.reset(stream, .cancelled)
        }
      }
      var isQuiet = false
      while !isQuiet {
        isQuiet = true
        for end in 0...1 {
          ends[end].take(.max)
          ends[1 - end].nowMs += 200
          while deliver(end) { isQuiet = false }
        }
      }
      for end in ends {
        precondition(end.connection.streams.isEmpty && end.connection.ready.isEmpty)
      }
      for end in 0...1 {
        // What one lacks the other has not given back yet; nothing is lost.
        let lacks = Application.terms.connectionCreditBytes - ends[end].connection.creditBytes
        precondition(lacks == ends[1 - end].connection.ungivenBytes, "credit drifted")
        precondition(
          ends[end].connection.ungivenBytes == ends[end].connection.creditToGive, "not given back")
      }
    })
}
