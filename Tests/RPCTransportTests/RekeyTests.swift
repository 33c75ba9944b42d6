import Foundation
import FramedRPC
import PoolProtocol
import RPCBench
import RPCTransport
import SecureChannel
import Testing

/// Keys that change under way, on real sockets.
@Suite(.timeLimit(.minutes(10))) struct RekeyTests {
  let agent = StaticKeyPair(owner: .agent)

  /// Both directions at once, every few records, with more records always under way.
  @Test func nothingIsLostWhileKeysChange() async throws {
    var records = RecordSettings()
    records.rekeyAt = 5
    let authority = TestAuthority(agents: [agent.publicKey])
    try await Loopback.run(authority: authority, records: records) { loopback in
      let session = try await loopback.connect(agent, records: records)
      // REKEY is a control frame: no more of them than a peer bears.
      #expect(try await Self.exchange(400, on: session) == Array(0..<400))
    }
  }

  private static func exchange(_ count: UInt64, on session: RPCSession) async throws -> [UInt64] {
    try await session.withStream(Work.nonces) { writer, acks in
      async let sent: Void = {
        for nonce in 0..<count {
          try await writer.write(
            .found(
              NonceFound(handle: 1, blockIndex: 4, nonce: nonce, zeros: 6, hashesDone: nonce)))
          // Records, not one large one.
          await Task.yield()
        }
        writer.finish()
      }()
      var got: [UInt64] = []
      for try await ack in acks { got.append(ack.nonce) }
      try await sent
      return got
    }
  }

  /// The peer follows every change of the server's key and makes its own, in the same records.
  @Test func everyChangeIsFollowed() async throws {
    var records = RecordSettings()
    records.rekeyAt = 3
    let authority = TestAuthority(agents: [agent.publicKey])
    try await Loopback.run(authority: authority, records: records) { loopback in
      let (key, agent) = (loopback.serverKey, agent)
      try await RawPeer.run(port: loopback.port) { peer in
        let keys = try peer.shakeHands(.test(key, agent))
        var sealer = RecordSealer(key: keys.agentToServer, direction: .agentToServer)
        var opener = RecordOpener(key: keys.serverToAgent, direction: .serverToAgent)
        func ping(_ number: UInt8) {
          let ping: [UInt8] = [6, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, number]
          let rekey: [UInt8] = number.isMultiple(of: 4) ? [9, 0, 0, 0, 0, 0, 0, 0] : []
          peer.send(sealer.seal(ping + rekey, rekeys: !rekey.isEmpty))
        }
        func takePongs(_ count: Int) throws {
          var pongs = 0
          while pongs < count, let plain = try peer.receive(&opener) {
            var reader = FrameReader(plain)
            while let frame = try reader.next() {
              if frame.type == FrameType.pong.rawValue { pongs += 1 }
              if frame.type == FrameType.rekey.rawValue { opener.rekey() }
            }
          }
          #expect(pongs == count)
        }
        // One by one: three answers under each of the server's keys, of which the last is not due yet.
        for number in 0..<UInt8(24) {
          ping(number)
          try takePongs(1)
        }
        #expect(sealer.epoch == 6 && opener.epoch == 7)
        // All under way at once.
        for number in 0..<UInt8(24) { ping(number) }
        try takePongs(24)
        #expect(sealer.epoch == 12 && opener.epoch > 7)
      }
    }
  }

  /// 2^20 records: a key that was not exchanged ends the session. With `KALEPOOL_FULL_COUNTS`, for it
  /// takes a while.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["KALEPOOL_FULL_COUNTS"] != nil))
  func aKeyKeptTooLongEndsTheSession() async throws {
    let authority = TestAuthority(agents: [agent.publicKey])
    try await Loopback.run(authority: authority) { loopback in
      let (key, agent) = (loopback.serverKey, agent)
      try await RawPeer.run(port: loopback.port) { peer in
        let keys = try peer.shakeHands(.test(key, agent))
        var sealer = RecordSealer(key: keys.agentToServer, direction: .agentToServer)
        // A call that is refused at once, for want of a deadline; what comes after it is dropped.
        peer.send(sealer.seal([1, 0, 0, 0, 0, 1, 0, 6, 0, 1, 0, 0, 0, 0]))
        let empty: [UInt8] = [2, 0, 0, 0, 0, 1, 0, 0]
        for _ in 1..<RecordLimits.counterEnd { peer.send(sealer.seal(empty)) }
        // One more, under any key: it is not even looked at.
        peer.send([0, 24] + [UInt8](repeating: 0, count: 24))
        while !peer.receive(4_096).isEmpty {}
      }
      let end = await authority.nextEnd()
      #expect(end?.code == .limit && end?.reason.contains("key too long") == true, "\(end as Any)")
    }
  }

  /// An honest session of more than 2^20 records each way, as shipped.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["KALEPOOL_FULL_COUNTS"] != nil))
  func aMillionRecordsPass() async throws {
    let authority = TestAuthority(agents: [agent.publicKey])
    try await Loopback.run(authority: authority) { loopback in
      let session = try await loopback.connect(agent)
      let count = RecordLimits.counterEnd + 10_000
      try await session.withStream(Work.nonces) { writer, acks in
        var acks = acks.makeAsyncIterator()
        for nonce in 0..<count {
          let found = NonceFound(
            handle: 1, blockIndex: 4, nonce: nonce, zeros: 6, hashesDone: nonce)
          try await writer.write(.found(found))
          // One at a time: a record each way for each.
          let ack = try await acks.next()
          #expect(ack?.nonce == nonce)
        }
      }
      #expect(session.ended == nil)
    }
  }
}
