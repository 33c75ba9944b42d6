import Bytes
import Foundation
import Sodium
import TestKit
import Testing

@testable import SecureChannel

/// Both ends of every published handshake, byte for byte.
@Suite("Wire Vectors", .disabled(if: Vectors.areAbsent, "no vectors beside the checkout"))
struct WireVectorTests {
  static let vectors: WireVectors? =
    Vectors.areAbsent ? nil : try? WireVectors.load()

  @Test func aReadableSet() throws {
    let vectors = try WireVectors.load()
    #expect(vectors.schema == "fsp-wire-vectors/1")
    #expect(!vectors.cases.isEmpty && !vectors.refusals.isEmpty)
  }

  @Test(arguments: vectors?.cases ?? [])
  func handshake(_ vector: WireVectors.Case) throws {
    let ends = try Ends(vector)
    var agent = ends.agent
    var server = ends.server
    ends.expect("server_public", ends.serverKey.publicKey.bytes)
    ends.expect("agent_public", ends.agentKey.publicKey.bytes)
    if let token = ends.token { ends.expect("token_public", token.publicKey.bytes) }
    #expect(ends.serverKey.publicText == vector.text["server_public"])
    #expect(ends.serverKey.secretText == vector.text["server_secret"])
    #expect(ends.agentKey.publicText == vector.text["agent_public"])
    #expect(ends.agentKey.secretText == vector.text["agent_secret"])
    #expect(ends.token?.text == vector.text["token"])

    ends.expect("h0", agent.transcript.hash)
    let hello = try agent.start()
    ends.expect("hello", hello)
    ends.expect("h1", agent.transcript.hash)
    let welcome = try server.receive(hello: hello)
    ends.expect("welcome", welcome)
    if vector.expect["h2"] == nil {
      #expect(server.isOver)
      #expect(
        throws: HandshakeError(
          .noCommonVersion(
            serverLowest: vector.fields.serverVersionMin,
            serverHighest: vector.fields.serverVersionMax), at: .welcome)
      ) { try agent.receive(welcome: welcome) }
      return
    }
    ends.expect("h2", server.transcript.hash)
    ends.expect("k_es", server.kes)
    let initiate = try agent.receive(welcome: welcome)
    ends.expect("initiate", initiate)
    let claim = try server.receive(initiate: initiate)
    for key in ["k_es", "k_ee", "k_se"] {
      ends.expect(key, key == "k_es" ? agent.kes : key == "k_ee" ? agent.kee : agent.kse)
    }
    #expect(server.kee == agent.kee && server.kse == agent.kse)
    ends.expect("h3", server.transcript.hash)
    #expect(claim.agentKey == ends.agentKey.publicKey)
    #expect(claim.agentVersion == vector.fields.agentVersion)
    #expect(claim.agentName == vector.fields.agentName)
    #expect(claim.token == ends.token.map { .holds($0.publicKey) } ?? .none)
    #expect(claim.previousSession.map(Hex.encode) == vector.random["previous_session"] ?? nil)

    let (ready, _, serverKeys) = server.answer(ends.answer)
    ends.expect("ready", ready)
    let outcome = try agent.receive(ready: ready)
    #expect(outcome.verdict == ends.answer.verdict)
    #expect(outcome.resumed == ends.answer.resumed)
    #expect(outcome.terms == ends.answer.terms)
    #expect(outcome.displayName == vector.fields.displayName)
    ends.expect("h4", agent.transcript.hash)
    #expect((outcome.keys == nil) == (vector.records == nil))
    guard let keys = outcome.keys, let serverKeys, let records = vector.records else { return }
    ends.expect("k_c2s", keys.agentToServer)
    ends.expect("k_s2c", keys.serverToAgent)
    #expect(serverKeys.agentToServer == keys.agentToServer)
    #expect(serverKeys.serverToAgent == keys.serverToAgent)

    let next = try ends.pair("next_agent_secret", owner: .agent)
    let rotation = try #require(
      KeyRotation.make(
        next: next, agentKey: claim.agentKey, serverKey: claim.serverKey,
        transcript: keys.transcript, nonce: ends.bytes("rotate_nonce")))
    ends.expect("rotate", rotation)
    #expect(
      KeyRotation.verify(
        rotation, agentKey: claim.agentKey, serverKey: ends.serverKey,
        transcript: keys.transcript) == next.publicKey)
    try check(records.agentToServer, key: keys.agentToServer, .agentToServer)
    try check(records.serverToAgent, key: keys.serverToAgent, .serverToAgent)
  }

  func check(_ records: [WireVectors.Record], key: [UInt8], _ way: RecordDirection) throws {
    var sealer = RecordSealer(key: key, direction: way)
    var opener = RecordOpener(key: key, direction: way)
    for (at, record) in records.enumerated() {
      #expect(sealer.epoch == record.epoch && sealer.counter == record.counter)
      let plain: [UInt8]
      if let hex = record.plain {
        plain = try #require(Hex.decode(hex))
      } else {
        let count = try #require(record.plainBytes)
        var frame: [UInt8] = [2, 1, 0, 0, 0, 1]
        frame.append(bigEndian: UInt16(count - 8))
        plain = frame + (0..<count - 8).map { UInt8($0 % 251) }
      }
      // The record after which the epoch changes is the one with REKEY.
      let rekeys = at + 1 < records.count && records[at + 1].epoch != record.epoch
      let wire = sealer.seal(plain, rekeys: rekeys)
      if let wanted = record.wire { #expect(Hex.encode(wire) == wanted) }
      if let wanted = record.wireBlake2b256 {
        #expect(Hex.encode(Blake2b.hash(wire)) == wanted)
      }
      #expect(try opener.open(wire[2...]) == plain)
      if rekeys { opener.rekey() }
    }
  }

  @Test(arguments: vectors?.refusals ?? [])
  func refusal(_ refusal: WireVectors.Refusal) throws {
    let first = try #require(Self.vectors?.cases.first)
    let ends = try Ends(first)
    var agent = ends.agent
    var server = ends.server
    let message = try #require(Hex.decode(refusal.message))
    switch (refusal.by, refusal.kind) {
    case ("server", "HELLO"):
      #expect(throws: HandshakeError.self) { try server.receive(hello: message) }
    case ("agent", "WELCOME"):
      _ = try agent.start()
      #expect(throws: HandshakeError.self) { try agent.receive(welcome: message) }
    case ("server", "INITIATE"):
      _ = try server.receive(hello: agent.start())
      #expect(throws: HandshakeError.self) { try server.receive(initiate: message) }
    case ("agent", "READY"):
      _ = try agent.receive(welcome: server.receive(hello: agent.start()))
      #expect(throws: HandshakeError.self) { try agent.receive(ready: message) }
    default: Issue.record("an unknown refusal: \(refusal.by) \(refusal.kind)")
    }
  }
}

/// Both ends of a case, with its randomness.
struct Ends {
  let vector: WireVectors.Case
  let serverKey: StaticKeyPair
  let agentKey: StaticKeyPair
  let token: EnrolmentToken?
  let answer: ServerAnswer

  init(_ vector: WireVectors.Case) throws {
    self.vector = vector
    func bytes(_ name: String) -> [UInt8]? { (vector.random[name] ?? nil).flatMap(Hex.decode) }
    var secret = try #require(bytes("server_secret"))
    serverKey = StaticKeyPair(owner: .server, moving: &secret)
    secret = try #require(bytes("agent_secret"))
    agentKey = StaticKeyPair(owner: .agent, moving: &secret)
    token = bytes("token").map { EnrolmentToken(seed: $0) }
    let fields = vector.fields
    var answer = ServerAnswer(verdict: try #require(Verdict(rawValue: fields.verdict)))
    answer.resumed = fields.resumed == 1
    answer.displayName = fields.displayName
    answer.terms.pingIntervalMs = fields.pingMs
    answer.terms.deadAfterMs = fields.deadMs
    answer.terms.streamsMax = fields.streamsMax
    answer.terms.connectionCreditBytes = fields.connectionCreditBytes
    answer.terms.streamCreditMessages = fields.streamCreditMessages
    answer.terms.messageBytesMax = fields.messageBytesMax
    answer.terms.retryAfterMs = fields.retryAfterMs
    answer.terms.serverTimeMs = try #require(UInt64(fields.serverTimeMs))
    self.answer = answer
  }

  func bytes(_ name: String) -> [UInt8] {
    (vector.random[name] ?? nil).flatMap(Hex.decode) ?? [UInt8](repeating: 0, count: 16)
  }

  func pair(_ name: String, owner: StaticKeyPair.Owner) throws -> StaticKeyPair {
    var secret = bytes(name)
    try #require(secret.count == 32)
    return StaticKeyPair(owner: owner, moving: &secret)
  }

  var agent: AgentHandshake {
    var offer = AgentOffer(
      instance: bytes("instance"), agentVersion: vector.fields.agentVersion,
      agentName: vector.fields.agentName)
    offer.versions = vector.fields.versionMin...vector.fields.versionMax
    offer.features = UInt64(vector.fields.featuresOffered)!
    if (vector.random["previous_session"] ?? nil) != nil {
      offer.previousSession = bytes("previous_session")
    }
    return AgentHandshake(
      serverKey: serverKey.publicKey, agentKey: agentKey, token: token, offer: offer,
      random: .init(
        ephemeralSecret: bytes("agent_ephemeral_secret"), vouchNonce: bytes("vouch_nonce"),
        tokenNonce: bytes("token_nonce")))
  }

  var server: ServerHandshake {
    var keys = [serverKey]
    var other = bytes("other_server_secret")
    if other.count == 32 { keys.insert(StaticKeyPair(owner: .server, moving: &other), at: 0) }
    return ServerHandshake(
      keys: keys, versions: vector.fields.serverVersionMin...vector.fields.serverVersionMax,
      featuresKnown: UInt64(vector.fields.featuresKnown)!,
      random: .init(
        ephemeralSecret: bytes("server_ephemeral_secret"), welcomeNonce: bytes("welcome_nonce"),
        sessionID: bytes("session_id")))
  }

  func expect(_ name: String, _ bytes: [UInt8]) {
    #expect(vector.expect[name] == Hex.encode(bytes), "\(name) of \(vector.name)")
  }
}
