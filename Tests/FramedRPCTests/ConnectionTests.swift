import Testing

@testable import FramedRPC

@Suite struct ConnectionTests {
  @Test func aCallAndItsAnswer() throws {
    var pair = Pair()
    let id = try pair.agent.open(.test, remainingMs: 500)
    pair.agent.send([1, 2, 3], on: id, isLast: true)
    #expect(
      try pair.settle().server.withoutSent == [
        .opened(stream: 1, method: 3, remainingMs: 500, headers: Headers()),
        .message(stream: 1, bytes: [1, 2, 3]), .inputEnded(stream: 1),
      ])
    pair.server.consumed(1, bytes: 3)
    pair.server.send([4], on: 1)
    pair.server.end(1, error: nil)
    #expect(
      try pair.settle().agent.withoutSent == [
        .message(stream: 1, bytes: [4]), .ended(stream: 1, error: nil),
      ])
    #expect(pair.agent.openStreams == 0 && pair.server.openStreams == 0)
    #expect(try pair.agent.open(.test, remainingMs: 0) == 3)
  }

  @Test func anErrorEndsACallWithoutItsQueuedMessages() throws {
    var pair = Pair()
    let id = try pair.agent.open(.test, remainingMs: 0)
    _ = try pair.settle()
    pair.server.end(id, error: RPCError(.notFound, "no such thing"))
    #expect(
      try pair.settle().agent == [.ended(stream: id, error: RPCError(.notFound, "no such thing"))])
  }

  @Test func largeMessagesAreCutAndJoined() throws {
    var pair = Pair()
    let id = try pair.agent.open(.test, remainingMs: 0)
    let message = (0..<100_000).map { UInt8($0 % 251) }
    pair.agent.send(message, on: id)
    #expect(try pair.settle().server.withoutSent.last == .message(stream: id, bytes: message))
  }

  @Test func aStalledReaderStopsItsStreamAlone() throws {
    var pair = Pair()
    let stalled = try pair.agent.open(.test, remainingMs: 0)
    let lively = try pair.agent.open(.test, remainingMs: 0)
    for _ in 0..<10 { pair.agent.send([UInt8](repeating: 1, count: 40_000), on: stalled) }
    var got = 0
    for _ in 0..<50 {
      pair.agent.send([UInt8](repeating: 2, count: 40_000), on: lively)
      for case .message(lively, let bytes) in try pair.settle().server {
        got += 1
        pair.server.consumed(lively, bytes: bytes.count)
      }
    }
    #expect(got == 50)
    // The stalled one holds its half and no more.
    #expect(pair.server.streams[stalled]?.ungivenBytes == 80_000)
    // Once its reader goes on, the rest comes.
    var late = 2
    for _ in 0..<2 { pair.server.consumed(stalled, bytes: 40_000) }
    while true {
      let messages = try pair.settle().server.filter {
        if case .message = $0 { true } else { false }
      }
      if messages.isEmpty { break }
      for _ in messages {
        late += 1
        pair.server.consumed(stalled, bytes: 40_000)
      }
    }
    #expect(late == 10)
  }

  @Test func aSenderWithoutMessageCreditWaits() throws {
    var pair = Pair()
    let id = try pair.agent.open(.test, remainingMs: 0)
    for number in 0..<40 { pair.agent.send([UInt8(number)], on: id) }
    var got = try pair.settle().server.filter { if case .message = $0 { true } else { false } }
    #expect(got.count == 16)
    for _ in 0..<16 { pair.server.consumed(id, bytes: 1) }
    got = try pair.settle().server.filter { if case .message = $0 { true } else { false } }
    #expect(got.count == 16)
  }

  @Test func aResetGivesTheCreditBack() throws {
    var pair = Pair()
    for _ in 0..<20 {
      let id = try pair.agent.open(.test, remainingMs: 0)
      for _ in 0..<3 { pair.agent.send([UInt8](repeating: 1, count: 90_000), on: id) }
      // Part of the first message goes out, then the call is cancelled.
      let plain = try pair.agent.record()
      _ = try pair.server.receive(plain.bytes, nowMs: 0)
      pair.agent.reset(id, .cancelled)
      let told = try pair.settle().server
      #expect(
        told.contains(.reset(stream: id, code: .cancelled, message: "the peer ended the call")))
    }
    // What is held back of the last credit comes with the next record.
    pair.server.ping(1)
    _ = try pair.settle()
    #expect(pair.agent.creditBytes == RPCConnection.Terms.test.connectionCreditBytes)
    #expect(pair.server.ungivenBytes == 0)
  }

  @Test func aResetInsideAMessageTakesTheHalfCloseAlong() throws {
    var pair = Pair()
    let id = try pair.agent.open(.test, remainingMs: 0)
    pair.agent.send([UInt8](repeating: 1, count: 90_000), on: id)
    pair.agent.finish(id)
    _ = try pair.server.receive(try pair.agent.record().bytes, nowMs: 0)
    #expect(pair.server.streams[id]?.isPartial == true)
    pair.agent.reset(id, .cancelled)
    #expect(
      try pair.settle().server == [
        .reset(stream: id, code: .cancelled, message: "the peer ended the call")
      ])
  }

  @Test func tooManyStreamsAreRefusedOneByOne() throws {
    var pair = Pair()
    for _ in 0..<8 { _ = try pair.agent.open(.test, remainingMs: 0) }
    #expect(throws: RPCError.self) { try pair.agent.open(.test, remainingMs: 0) }
    _ = try pair.settle()
    // A peer that opens more all the same.
    var plain: [UInt8] = []
    Frame(.open, stream: 17, payload: [0, 3, 0, 0, 0, 0]).append(to: &plain)
    #expect(try pair.server.receive(plain, nowMs: 0).isEmpty)
    var answer = FrameReader(try pair.server.record().bytes)
    #expect(try answer.next() == Frame(.reset, stream: 17, payload: [0, 0, 0, 8]))
  }

  @Test func aMessageOverItsMethodsLimitEndsItsStreamAlone() throws {
    var pair = Pair()
    pair.server = RPCConnection(role: .server, terms: .test) { _ in
      MethodInfo(
        id: 3, service: "Test", name: "Small", kind: .unary, requestBytesMax: 10,
        responseBytesMax: 10)
    }
    let id = try pair.agent.open(.test, remainingMs: 0)
    pair.agent.send([UInt8](repeating: 1, count: 70_000), on: id)
    let told = try pair.settle()
    #expect(
      told.server.contains {
        if case .reset(id, .resourceExhausted, _) = $0 { true } else { false }
      })
    #expect(
      told.agent.contains { if case .reset(id, .resourceExhausted, _) = $0 { true } else { false } }
    )
    _ = try pair.agent.open(.test, remainingMs: 0)
    pair.server.ping(1)
    _ = try pair.settle()
    #expect(pair.agent.creditBytes == RPCConnection.Terms.test.connectionCreditBytes)
  }

  @Test func closeIsTheLastWord() throws {
    var pair = Pair()
    let id = try pair.agent.open(.test, remainingMs: 0)
    _ = try pair.settle()
    pair.server.close(.revoked, "the key was revoked")
    #expect(pair.server.wantsToClose)
    let plain = try pair.server.record()
    #expect(plain.closes)
    #expect(throws: NothingToSend.self) { try pair.server.record() }
    #expect(
      try pair.agent.receive(plain.bytes, nowMs: 0) == [
        .closed(code: 6, lastStream: id, text: "the key was revoked")
      ])
    #expect(throws: RPCError.self) { try pair.agent.open(.test, remainingMs: 0) }
    #expect(throws: ProtocolBreach.self) { try pair.agent.receive(plain.bytes, nowMs: 0) }
  }

  @Test func afterGoAwayNothingNewIsTaken() throws {
    var pair = Pair()
    let id = try pair.agent.open(.test, remainingMs: 0)
    _ = try pair.settle()
    pair.server.goAway(.age, "connect anew")
    _ = try pair.settle()
    #expect(throws: RPCError.self) { try pair.agent.open(.test, remainingMs: 0) }
    // The open one runs on.
    pair.agent.send([1], on: id)
    #expect(try pair.settle().server.withoutSent == [.message(stream: id, bytes: [1])])
  }

  @Test func streamNumbersEnd() throws {
    var pair = Pair()
    pair.agent.lastOwn = .max - 2
    pair.server.lastOwn = .max - 3
    let id = try pair.agent.open(.test, remainingMs: 0)
    #expect(id == .max && pair.agent.isOutOfStreams)
    #expect(try pair.server.open(.test, remainingMs: 0) == .max - 1)
    #expect(pair.server.isOutOfStreams)
    #expect {
      try pair.agent.open(.test, remainingMs: 0)
    } throws: { ($0 as? RPCError)?.code == .unavailable }
    #expect(throws: RPCError.self) { try pair.server.open(.test, remainingMs: 0) }
    // The last one is as good as any.
    pair.agent.send([1], on: id, isLast: true)
    #expect(try pair.settle().server.withoutSent.contains(.message(stream: id, bytes: [1])))
    pair.server.end(id, error: nil)
    #expect(try pair.settle().agent.withoutSent.contains(.ended(stream: id, error: nil)))
    // A peer that begins anew at 1.
    var open: [UInt8] = []
    Frame(.open, stream: 1, payload: [0, 3, 0, 0, 0, 0]).append(to: &open)
    #expect {
      try pair.server.receive(open, nowMs: 0)
    } throws: { ($0 as? ProtocolBreach)?.code == .protocolError }
  }

  @Test func rekeyIsTheLastFrameOfItsRecord() throws {
    var pair = Pair()
    _ = try pair.agent.open(.test, remainingMs: 0)
    pair.agent.rekey()
    let plain = try pair.agent.record()
    #expect(plain.rekeys && Array(plain.bytes.suffix(8)) == [9, 0, 0, 0, 0, 0, 0, 0])
    #expect(try pair.server.receive(plain.bytes, nowMs: 0).last == .rekeyed)
    #expect(throws: ProtocolBreach.self) {
      try pair.server.receive([9, 0, 0, 0, 0, 0, 0, 0] + plain.bytes, nowMs: 0)
    }
  }

  /// A sound record with a wrong frame ends the session with the right code.
  @Test(
    arguments: [
      (
        "an even stream from the agent", .protocolError, [1, 0, 0, 0, 0, 2, 0, 6, 0, 3, 0, 0, 0, 0]
      ),
      ("stream 0", .protocolError, [1, 0, 0, 0, 0, 0, 0, 6, 0, 3, 0, 0, 0, 0]),
      ("an unknown type", .protocolError, [11, 0, 0, 0, 0, 0, 0, 0]),
      ("an unknown flag", .protocolError, [6, 4, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0]),
      ("MORE on OPEN", .protocolError, [1, 1, 0, 0, 0, 1, 0, 6, 0, 3, 0, 0, 0, 0]),
      ("a short PING", .protocolError, [6, 0, 0, 0, 0, 0, 0, 1, 0]),
      ("PING on a stream", .protocolError, [6, 0, 0, 0, 0, 1, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0]),
      ("DATA on a stream nobody opened", .protocolError, [2, 0, 0, 0, 0, 9, 0, 1, 7]),
      ("DATA on our own stream, not opened", .protocolError, [2, 0, 0, 0, 0, 2, 0, 1, 7]),
      ("a credit of nothing", .protocolError, [5, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0]),
      ("a credit that overflows", .credit, [5, 0, 0, 0, 0, 0, 0, 4, 127, 255, 255, 255]),
    ] as [(String, CloseCode, [UInt8])])
  func aBadFrameIsABreach(_ name: String, _ code: CloseCode, _ plain: [UInt8]) {
    var connection = RPCConnection(role: .server, terms: .test) { _ in .test }
    #expect {
      try connection.receive(plain, nowMs: 0)
    } throws: { ($0 as? ProtocolBreach)?.code == code }
  }

  @Test func dataBeyondCreditIsABreach() throws {
    var connection = RPCConnection(role: .server, terms: .test) { _ in .test }
    var open: [UInt8] = []
    Frame(.open, stream: 1, payload: [0, 3, 0, 0, 0, 0]).append(to: &open)
    _ = try connection.receive(open, nowMs: 0)
    var data: [UInt8] = []
    Frame(.data, stream: 1, payload: [UInt8](repeating: 1, count: 60_000)[...]).append(to: &data)
    _ = try connection.receive(data, nowMs: 0)
    #expect {
      try connection.receive(data, nowMs: 0)
    } throws: { ($0 as? ProtocolBreach)?.code == .credit }
  }

  @Test func floodsAreABreach() throws {
    var connection = RPCConnection(role: .server, terms: .test) { _ in .test }
    var ping: [UInt8] = []
    Frame(.ping, payload: [UInt8](repeating: 0, count: 8)[...]).append(to: &ping)
    for _ in 0..<100 { _ = try connection.receive(ping, nowMs: 0) }
    #expect(!connection.goesAway)
    // What comes beyond is told to calm down, and borne for a while.
    for _ in 0..<100 { _ = try connection.receive(ping, nowMs: 0) }
    #expect(connection.goesAway)
    #expect {
      try connection.receive(ping, nowMs: 0)
    } throws: { ($0 as? ProtocolBreach)?.code == .limit }
    var patient = RPCConnection(role: .server, terms: .test) { _ in .test }
    for second in 0..<1_000 { _ = try patient.receive(ping, nowMs: UInt64(second) * 1_000) }
  }

  @Test func rapidResetsAreToldToCalmDown() throws {
    var pair = Pair()
    var calm = false
    for _ in 0..<60 where !calm {
      let id = try pair.agent.open(.test, remainingMs: 0)
      pair.agent.reset(id, .cancelled)
      for case .goAway(10, _, _) in try pair.settle().agent { calm = true }
    }
    #expect(calm)
  }
}
