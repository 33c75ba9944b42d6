import Bytes
import Sodium

/// Both ends of one case, from its randomness on.
struct WirePlay {
  /// The secrets and nonces of a case, drawn in this order.
  struct Randomness {
    let serverSecret, agentSecret, agentEphemeral, serverEphemeral: [UInt8]
    let welcomeNonce, vouchNonce, instance: [UInt8]
    var sessionID: [UInt8]
    let nextAgentSecret, rotateNonce: [UInt8]
    let token, tokenNonce, previousSession, otherServerSecret: [UInt8]?

    init(_ wire: WireCase, _ random: inout VectorRandom) {
      serverSecret = random.bytes(32)
      agentSecret = random.bytes(32)
      agentEphemeral = random.bytes(32)
      serverEphemeral = random.bytes(32)
      welcomeNonce = random.bytes(16)
      vouchNonce = random.bytes(16)
      instance = random.bytes(16)
      sessionID = random.bytes(16)
      nextAgentSecret = random.bytes(32)
      rotateNonce = random.bytes(16)
      token = wire.hasToken ? random.bytes(16) : nil
      tokenNonce = wire.hasToken ? random.bytes(16) : nil
      previousSession = wire.hasPrevious ? random.bytes(16) : nil
      otherServerSecret = wire.hasOtherKey ? random.bytes(32) : nil
      if !wire.answer.verdict.opensSession { sessionID = [UInt8](repeating: 0, count: 16) }
    }

    var json: VectorJSON {
      .object([
        ("server_secret", .hex(serverSecret)), ("agent_secret", .hex(agentSecret)),
        ("agent_ephemeral_secret", .hex(agentEphemeral)),
        ("server_ephemeral_secret", .hex(serverEphemeral)), ("welcome_nonce", .hex(welcomeNonce)),
        ("vouch_nonce", .hex(vouchNonce)), ("instance", .hex(instance)),
        ("session_id", .hex(sessionID)), ("next_agent_secret", .hex(nextAgentSecret)),
        ("rotate_nonce", .hex(rotateNonce)), ("token", .hex(token)),
        ("token_nonce", .hex(tokenNonce)), ("previous_session", .hex(previousSession)),
        ("other_server_secret", .hex(otherServerSecret)),
      ])
    }
  }

  let wire: WireCase
  let random: Randomness
  let serverKey, agentKey: StaticKeyPair
  /// Everything that can be seen or derived, in order.
  private(set) var expect: [(String, [UInt8])] = []
  private var records: VectorJSON = .null

  init(_ wire: WireCase, seed: String) {
    self.wire = wire
    var source = VectorRandom(seed: seed, name: wire.name)
    random = Randomness(wire, &source)
    serverKey = Self.pair(.server, random.serverSecret)
    agentKey = Self.pair(.agent, random.agentSecret)
    do { try play(&source) } catch { preconditionFailure("a sound handshake fails: \(error)") }
  }

  static func pair(_ owner: StaticKeyPair.Owner, _ secret: [UInt8]) -> StaticKeyPair {
    var secret = secret
    return StaticKeyPair(owner: owner, moving: &secret)
  }

  var token: EnrolmentToken? { random.token.map { EnrolmentToken(seed: $0) } }

  var agent: AgentHandshake {
    var offer = AgentOffer(
      instance: random.instance, agentVersion: wire.agentVersion, agentName: wire.agentName)
    offer.versions = wire.versions
    offer.features = wire.featuresOffered
    offer.previousSession = random.previousSession
    return AgentHandshake(
      serverKey: serverKey.publicKey, agentKey: agentKey, token: token, offer: offer,
      random: .init(
        ephemeralSecret: random.agentEphemeral, vouchNonce: random.vouchNonce,
        tokenNonce: random.tokenNonce ?? [UInt8](repeating: 0, count: 16)))
  }

  var server: ServerHandshake {
    // The other key comes first, to be passed over by its hint.
    let other = random.otherServerSecret.map { Self.pair(.server, $0) }
    return ServerHandshake(
      keys: [other, serverKey].compactMap(\.self), versions: wire.serverVersions,
      featuresKnown: wire.featuresKnown,
      random: .init(
        ephemeralSecret: random.serverEphemeral, welcomeNonce: random.welcomeNonce,
        sessionID: random.sessionID))
  }

  private mutating func play(_ source: inout VectorRandom) throws(HandshakeError) {
    var agent = self.agent
    var server = self.server
    func see(_ name: String, _ bytes: [UInt8]) { expect.append((name, bytes)) }
    see("server_public", serverKey.publicKey.bytes)
    see("agent_public", agentKey.publicKey.bytes)
    see("agent_ephemeral_public", Box.publicKey(secret: random.agentEphemeral).bytes)
    see("server_ephemeral_public", Box.publicKey(secret: random.serverEphemeral).bytes)
    see("h0", agent.transcript.hash)
    let hello = try agent.start()
    see("hello", hello)
    see("h1", agent.transcript.hash)
    let welcome = try server.receive(hello: hello)
    see("welcome", welcome)
    if server.isOver { return }
    see("h2", server.transcript.hash)
    let initiate = try agent.receive(welcome: welcome)
    _ = try server.receive(initiate: initiate)
    see("k_es", server.kes)
    see("k_ee", server.kee)
    see("k_se", server.kse)
    if let token { see("token_public", token.publicKey.bytes) }
    see("initiate", initiate)
    see("h3", server.transcript.hash)
    let ready = server.answer(wire.answer).ready
    see("ready", ready)
    let outcome = try agent.receive(ready: ready)
    see("h4", agent.transcript.hash)
    guard let keys = outcome.keys else { return }
    let rotation = KeyRotation.make(
      next: Self.pair(.agent, random.nextAgentSecret), agentKey: agentKey.publicKey,
      serverKey: serverKey.publicKey, transcript: keys.transcript, nonce: random.rotateNonce)
    see("rotate", rotation ?? [])
    see("k_c2s", keys.agentToServer)
    see("k_s2c", keys.serverToAgent)
    let (up, down) = plains(&source)
    records = .object([
      ("agent_to_server", sealed(up, keys.agentToServer, .agentToServer)),
      ("server_to_agent", sealed(down, keys.serverToAgent, .serverToAgent)),
    ])
  }

  /// What each side says in its first records: ping; a call and its answer; a new key; the close.
  private func plains(_ source: inout VectorRandom) -> (up: [[UInt8]], down: [[UInt8]]) {
    func frame(_ type: UInt8, _ flags: UInt8, _ stream: UInt32, _ payload: [UInt8]) -> [UInt8] {
      var bytes = [type, flags]
      bytes.append(bigEndian: stream)
      bytes.append(bigEndian: UInt16(payload.count))
      return bytes + payload
    }
    let ask = source.bytes(40)
    let answer = source.bytes(90)
    let ping = source.bytes(8)
    let call = frame(1, 0, 1, [0, 7, 0, 0, 0x27, 0x10]) + frame(2, 2, 1, ask)
    let reply = frame(2, 0, 1, answer) + frame(3, 0, 1, []) + frame(5, 0, 0, [0, 0, 0, 40])
    var up = [
      frame(6, 0, 0, ping), call, frame(9, 0, 0, []),
      frame(10, 0, 0, [UInt8](repeating: 0, count: 8)),
    ]
    let down = [
      frame(7, 0, 0, ping), reply, frame(9, 0, 0, []), frame(10, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]),
    ]
    if wire.hasLargestRecord {
      let bytes = (0..<RecordLimits.plainBytesMax - 8).map { UInt8($0 % 251) }
      up.insert(frame(2, 1, 1, bytes), at: 2)
    }
    func padded(_ plain: [UInt8]) -> [UInt8] {
      var plain = plain
      if wire.isPadded { Padding.pad(&plain) }
      return plain
    }
    return (up.map(padded), down.map(padded))
  }

  private func sealed(_ plains: [[UInt8]], _ key: [UInt8], _ way: RecordDirection) -> VectorJSON {
    let label = way == .agentToServer ? BoxLabel.agentToServer : .serverToAgent
    var sealer = RecordSealer(key: key, direction: way)
    return .list(
      plains.map { plain in
        let (epoch, counter) = (sealer.epoch, sealer.counter)
        let record = sealer.seal(plain, rekeys: plain[0] == 9)
        var members: [(String, VectorJSON)] = [
          ("epoch", .number(UInt64(epoch))), ("counter", .number(counter)),
          ("box_nonce", .hex(label.nonce(epoch: epoch, counter: counter))),
        ]
        if plain.count > 4_096 {
          members += [
            ("plain_rule", .text("DATA frame, flag MORE, stream 1, payload byte i = i mod 251")),
            ("plain_bytes", .number(UInt64(plain.count))),
            ("wire_blake2b_256", .hex(Blake2b.hash(record))),
          ]
        } else {
          members += [("plain", .hex(plain)), ("wire", .hex(record))]
        }
        return .object(members)
      })
  }

  var json: VectorJSON {
    var text: [(String, VectorJSON)] = [
      ("server_public", .text(serverKey.publicText)),
      ("server_secret", .text(serverKey.secretText)),
      ("agent_public", .text(agentKey.publicText)), ("agent_secret", .text(agentKey.secretText)),
    ]
    if let token { text.append(("token", .text(token.text))) }
    return .object([
      ("name", .text(wire.name)), ("random", random.json), ("fields", wire.fields),
      ("text", .object(text)), ("expect", .object(expect.map { ($0.0, .hex($0.1)) })),
      ("records", records),
    ])
  }
}
