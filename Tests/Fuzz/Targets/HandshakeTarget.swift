import Bytes
import Sodium

@testable import SecureChannel

/// Both ends of one handshake with fixed keys, stopped before each message.
private struct Stage: Sendable {
  let serverPair: StaticKeyPair
  let agentPair: StaticKeyPair
  let agentEphemeral = [UInt8](repeating: 3, count: 32)
  let serverEphemeral = [UInt8](repeating: 4, count: 32)
  var server: ServerHandshake
  var agent: AgentHandshake
  var hello: [UInt8] = []
  var welcome: [UInt8] = []
  var initiate: [UInt8] = []
  var ready: [UInt8] = []
  /// Ends that wait for the message of this index.
  var servers: [ServerHandshake] = []
  var agents: [AgentHandshake] = []
  let kes: [UInt8]
  let kee: [UInt8]
  var sessionTranscript: [UInt8] = []

  init() {
    var secret = [UInt8](repeating: 1, count: 32)
    serverPair = StaticKeyPair(owner: .server, moving: &secret)
    secret = [UInt8](repeating: 2, count: 32)
    agentPair = StaticKeyPair(owner: .agent, moving: &secret)
    var offer = AgentOffer(
      instance: [UInt8](repeating: 5, count: 16), agentVersion: "1.0", agentName: "fuzz")
    offer.previousSession = [UInt8](repeating: 6, count: 16)
    server = ServerHandshake(
      keys: [serverPair], versions: 1...2, featuresKnown: 3,
      random: .init(
        ephemeralSecret: serverEphemeral, welcomeNonce: [UInt8](repeating: 7, count: 16),
        sessionID: [UInt8](repeating: 8, count: 16)))
    agent = AgentHandshake(
      serverKey: serverPair.publicKey, agentKey: agentPair,
      token: EnrolmentToken(seed: [UInt8](repeating: 9, count: 16)), offer: offer,
      random: .init(
        ephemeralSecret: agentEphemeral, vouchNonce: [UInt8](repeating: 10, count: 16),
        tokenNonce: [UInt8](repeating: 11, count: 16)))
    let c = Box.publicKey(secret: agentEphemeral)
    let s = Box.publicKey(secret: serverEphemeral)
    guard let kes = Box.sharedKey(publicKey: serverPair.publicKey, secret: agentEphemeral),
      let kee = Box.sharedKey(publicKey: s, secret: agentEphemeral), c != s
    else { preconditionFailure("sound keys") }
    self.kes = kes
    self.kee = kee
    do {
      servers.append(server)
      hello = try agent.start()
      agents.append(agent)
      welcome = try server.receive(hello: hello)
      servers.append(server)
      initiate = try agent.receive(welcome: welcome)
      agents.append(agent)
      _ = try server.receive(initiate: initiate)
      let answer = server.answer(ServerAnswer(verdict: .accepted))
      ready = answer.ready
      sessionTranscript = answer.keys?.transcript ?? []
    } catch { preconditionFailure("a sound handshake fails: \(error)") }
  }
}

extension FuzzTarget {
  private static let stage = Stage()

  /// Each message: raw, changed at places, and in a sound box with any content. None but the sound
  /// one completes, unless only bytes that nobody looks at differ.
  static let handshake = FuzzTarget(
    "handshake",
    seeds: {
      let stage = Self.stage
      var seeds: [[UInt8]] = []
      for (at, message) in [stage.hello, stage.welcome, stage.initiate, stage.ready].enumerated() {
        let kind = UInt8(at)
        seeds.append([kind] + message)
        seeds.append([kind | 4, 0, 30, 1, 0, 40, 128])
        seeds.append([kind | 8] + [UInt8](repeating: 0, count: 136))
      }
      let hello = stage.hello
      seeds.append([8] + hello[0..<8] + [0, 0, 0, 0, 0, 0, 0, 3])
      seeds.append([9] + Box.publicKey(secret: stage.serverEphemeral).bytes + [1, 1, 2])
      seeds.append([9] + Box.publicKey(secret: stage.serverEphemeral).bytes + [0, 2, 3])
      seeds.append([10] + stage.agentPair.publicKey.bytes + [UInt8](repeating: 1, count: 128))
      seeds.append([11] + stage.agents[1].transcript.hash + [UInt8](repeating: 2, count: 60))
      seeds.append([12] + [UInt8](repeating: 1, count: 128))
      seeds.append([13] + [UInt8](repeating: 2, count: 80))
      return seeds
    },
    run: { input in
      let stage = Self.stage
      var cursor = Cursor(input)
      let command = cursor.byte()
      let sound = [stage.hello, stage.welcome, stage.initiate, stage.ready]
      let kind = Int(command & 3)
      switch command >> 2 {
      case 0: stage.offer(cursor.all(), kind)
      case 1:
        var message = sound[kind]
        while !cursor.isAtEnd { message[cursor.number() % message.count] ^= cursor.byte() }
        stage.offer(message, kind)
      case 2: stage.offer(stage.sealed(&cursor, kind), kind)
      default:
        let rotation = kind == 0 ? cursor.all() : stage.rotation(&cursor)
        let next = KeyRotation.verify(
          rotation, agentKey: stage.agentPair.publicKey, serverKey: stage.serverPair,
          transcript: stage.sessionTranscript)
        precondition(next == nil, "a rotation nobody made was taken")
      }
    })
}

extension Stage {
  /// Hands a message to the end that waits for it.
  func offer(_ message: [UInt8], _ kind: Int) {
    switch kind {
    case 0:
      var end = servers[0]
      guard let answer = try? end.receive(hello: message) else { return }
      precondition(answer.count == HandshakeMessage.welcome.bytes)
      precondition(message[8..<40] == hello[8..<40], "another's ephemeral key")
    case 1:
      var end = agents[0]
      guard let answer = try? end.receive(welcome: message) else { return }
      precondition(answer.count == HandshakeMessage.initiate.bytes)
    case 2:
      var end = servers[1]
      guard let claim = try? end.receive(initiate: message) else { return }
      precondition(claim.agentKey == agentPair.publicKey, "a vouch nobody made was taken")
      for text in [claim.agentName, claim.agentVersion] { precondition(text.utf8.count <= 96) }
    default:
      var end = agents[1]
      guard let outcome = try? end.receive(ready: message) else { return }
      precondition((outcome.keys != nil) == outcome.verdict.opensSession)
      if outcome.keys != nil { precondition(outcome.terms.hold) }
    }
  }

  /// A message whose box is sound, with any content.
  func sealed(_ cursor: inout Cursor, _ kind: Int) -> [UInt8] {
    switch kind {
    case 0:
      let head = Array(hello[0..<8])
      return head + hello[8..<40]
        + Box.seal(cursor.filled(136), nonce: BoxLabel.hello.nonce(), key: kes)
    case 1:
      let tail = Array(welcome[4..<20])
      return HandshakeMessage.welcome.head + tail
        + Box.seal(cursor.filled(124), nonce: BoxLabel.welcome.nonce(tail), key: kes)
    case 2:
      var plain = cursor.filled(492)
      // With its highest bit the vouch is the agent's own, so that what lies behind is reached.
      if plain[491] & 0x80 != 0,
        let kse = agentPair.sharedKey(with: Box.publicKey(secret: serverEphemeral))
      {
        let tail = Array(plain[32..<48])
        let wanted =
          Box.publicKey(secret: agentEphemeral).bytes + serverPair.publicKey.bytes
          + servers[1].transcript.hash
        plain.replaceSubrange(0..<32, with: agentPair.publicKey.bytes)
        plain.replaceSubrange(
          48..<160, with: Box.seal(wanted, nonce: BoxLabel.vouch.nonce(tail), key: kse))
      }
      return HandshakeMessage.initiate.head
        + Box.seal(plain, nonce: BoxLabel.initiate.nonce(), key: kee)
    default:
      var plain = cursor.filled(236)
      if plain[235] & 0x80 != 0 { plain.replaceSubrange(0..<32, with: agents[1].transcript.hash) }
      return HandshakeMessage.ready.head
        + Box.seal(plain, nonce: BoxLabel.ready.nonce(), key: kee)
    }
  }

  /// A rotation whose box is sound, with any 64 bytes in it.
  func rotation(_ cursor: inout Cursor) -> [UInt8] {
    let secret = [UInt8](repeating: 12, count: 32)
    let tail = cursor.filled(16)
    guard let key = Box.sharedKey(publicKey: serverPair.publicKey, secret: secret) else {
      preconditionFailure("a sound key")
    }
    return Box.publicKey(secret: secret).bytes + tail
      + Box.seal(cursor.filled(64), nonce: BoxLabel.rotation.nonce(tail), key: key)
  }
}

extension FuzzTarget {
  /// The text form of keys: what is read is what would be written.
  static let keyText = FuzzTarget(
    "key-text",
    seeds: {
      KeyKind.allCases.map {
        Array(KeyText.encode($0, [UInt8](repeating: 1, count: $0.payloadBytes)).utf8)
      } + [Array(" \n".utf8), Array("AAAA".utf8)]
    },
    run: { input in
      let text = String(decoding: input, as: UTF8.self)
      for kind in KeyKind.allCases {
        guard let payload = try? KeyText.decode(text, as: kind) else { continue }
        let again = KeyText.encode(kind, payload)
        precondition(text.split(whereSeparator: \.isWhitespace).map(String.init) == [again])
        precondition(again.first == kind.letter)
      }
      _ = TextField.decode(input.prefix(32))
    })
}
