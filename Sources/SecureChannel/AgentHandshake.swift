package import Bytes
import Sodium

/// What the agent says of itself. The ranges and features are bound by the transcript.
package struct AgentOffer: Sendable {
  package var versions: ClosedRange<UInt8> = 1...1
  package var features: UInt64 = 0
  /// Sixteen random bytes, once per process.
  package var instance: [UInt8]
  /// The session before, or nil.
  package var previousSession: [UInt8]?
  package var agentVersion: String
  package var agentName: String

  package init(instance: [UInt8], agentVersion: String, agentName: String) {
    precondition(instance.count == 16)
    self.instance = instance
    self.agentVersion = agentVersion
    self.agentName = agentName
  }
}

/// What READY told the agent.
package struct AgentOutcome: Sendable {
  package let verdict: Verdict
  package let sessionID: [UInt8]
  package let resumed: Bool
  package let terms: SessionTerms
  package let displayName: String
  package let features: UInt64
  /// Nil unless the verdict opens a session.
  package let keys: SessionKeys?
}

/// The agent's end of one handshake. Made anew for every TCP connection, also for a retry.
///
/// States: made → (``start()``) sent HELLO → (``receive(welcome:)``) sent INITIATE →
/// (``receive(ready:)``) done. Any error ends it; a call out of order is our own bug.
package struct AgentHandshake: Sendable {
  /// The random parts; each value is used for one connection only.
  struct Randomness: Sendable {
    var ephemeralSecret = randomBytes(32)
    var vouchNonce = randomBytes(16)
    var tokenNonce = randomBytes(16)
  }

  private enum State { case made, helloSent, initiateSent, over }

  private let serverKey: Bytes32
  private let agentKey: StaticKeyPair
  private let token: EnrolmentToken?
  private let offer: AgentOffer
  private var random: Randomness
  private let ephemeralKey: Bytes32
  private var state = State.made
  private var serverEphemeral = Bytes32.zero
  private var features: UInt64 = 0
  private(set) var transcript: Transcript
  private(set) var kes: [UInt8] = []
  private(set) var kee: [UInt8] = []
  private(set) var kse: [UInt8] = []

  package init(
    serverKey: Bytes32, agentKey: StaticKeyPair, token: EnrolmentToken? = nil, offer: AgentOffer
  ) {
    self.init(
      serverKey: serverKey, agentKey: agentKey, token: token, offer: offer, random: Randomness())
  }

  init(
    serverKey: Bytes32, agentKey: StaticKeyPair, token: EnrolmentToken?, offer: AgentOffer,
    random: Randomness
  ) {
    precondition(agentKey.owner == .agent)
    self.serverKey = serverKey
    self.agentKey = agentKey
    self.token = token
    self.offer = offer
    self.random = random
    ephemeralKey = Box.publicKey(secret: random.ephemeralSecret)
    transcript = Transcript(serverKey: serverKey)
  }

  /// HELLO. Throws only for a pinned key that no server can have.
  package mutating func start() throws(HandshakeError) -> [UInt8] {
    precondition(state == .made)
    guard serverKey.isCanonicalPublicKey,
      let kes = Box.sharedKey(publicKey: serverKey, secret: random.ephemeralSecret)
    else { throw fail(.publicKey, .hello) }
    self.kes = kes
    let hint = Blake2b.hash(serverKey.bytes)[0]
    let clear =
      HandshakeMessage.hello.head + [offer.versions.lowerBound, offer.versions.upperBound, hint, 0]
    var plain = clear
    plain.append(bigEndian: offer.features)
    plain.pad(to: 136)
    let message =
      clear + ephemeralKey.bytes + Box.seal(plain, nonce: BoxLabel.hello.nonce(), key: kes)
    transcript.mix(message)
    state = .helloSent
    return message
  }

  /// Checks WELCOME and gives INITIATE.
  package mutating func receive(welcome message: [UInt8]) throws(HandshakeError) -> [UInt8] {
    precondition(state == .helloSent)
    do { try HandshakeMessage.welcome.check(message) } catch { throw fail(error.reason, .welcome) }
    let nonce = BoxLabel.welcome.nonce(message[4..<20])
    guard let plain = Box.open(message[20...], nonce: nonce, key: kes) else {
      throw fail(.box, .welcome)
    }
    guard let key = Bytes32(plain[0..<32]), key.isCanonicalPublicKey else {
      throw fail(.publicKey, .welcome)
    }
    let version = plain[32]
    if version == 0 {
      throw fail(.noCommonVersion(serverLowest: plain[33], serverHighest: plain[34]), .welcome)
    }
    let chosen: UInt64 = plain.bigEndian(at: 40)
    guard offer.versions.contains(version), chosen & ~offer.features == 0 else {
      throw fail(.notOffered, .welcome)
    }
    guard let kee = Box.sharedKey(publicKey: key, secret: random.ephemeralSecret),
      let kse = agentKey.sharedKey(with: key)
    else { throw fail(.publicKey, .welcome) }
    serverEphemeral = key
    features = chosen
    self.kee = kee
    self.kse = kse
    transcript.mix(message)
    let initiate = try makeInitiate()
    transcript.mix(initiate)
    state = .initiateSent
    return initiate
  }

  /// Checks READY; a verdict is authentic once this returns.
  package mutating func receive(ready message: [UInt8]) throws(HandshakeError) -> AgentOutcome {
    precondition(state == .initiateSent)
    do { try HandshakeMessage.ready.check(message) } catch { throw fail(error.reason, .ready) }
    guard let plain = Box.open(message[4...], nonce: BoxLabel.ready.nonce(), key: kee) else {
      throw fail(.box, .ready)
    }
    guard equalInConstantTime(Array(plain[0..<32]), transcript.hash) else {
      throw fail(.transcript, .ready)
    }
    // A verdict of a later version is a refusal this one cannot name.
    let verdict = Verdict(rawValue: plain[48]) ?? .overloaded
    let terms = SessionTerms(Array(plain[52..<88]))
    guard !verdict.opensSession || terms.hold else { throw fail(.terms, .ready) }
    transcript.mix(message)
    var keys: SessionKeys?
    if verdict.opensSession {
      keys = SessionKeys(
        kee: kee, kes: kes, kse: kse, serverKey: serverKey, agentKey: agentKey.publicKey,
        transcript: transcript.hash)
    }
    wipeSecrets()
    return AgentOutcome(
      verdict: verdict, sessionID: Array(plain[32..<48]), resumed: plain[49] == 1, terms: terms,
      displayName: TextField.decode(plain[88..<120]), features: features, keys: keys)
  }

  private func makeInitiate() throws(HandshakeError) -> [UInt8] {
    let vouch = Box.seal(
      ephemeralKey.bytes + serverKey.bytes + transcript.hash,
      nonce: BoxLabel.vouch.nonce(random.vouchNonce), key: kse)
    var plain = agentKey.publicKey.bytes + random.vouchNonce + vouch
    plain += try tokenProof()
    plain += offer.instance
    plain += offer.previousSession ?? [UInt8](repeating: 0, count: 16)
    plain += TextField.encode(offer.agentVersion) + TextField.encode(offer.agentName)
    plain.pad(to: 492)
    return HandshakeMessage.initiate.head
      + Box.seal(plain, nonce: BoxLabel.initiate.nonce(), key: kee)
  }

  /// T, nonce tail and box: 128 bytes, zero without a token.
  private func tokenProof() throws(HandshakeError) -> [UInt8] {
    guard let token else { return [UInt8](repeating: 0, count: 128) }
    let key = token.withSecret { Box.sharedKey(publicKey: serverEphemeral, secret: $0) }
    guard var key else { throw HandshakeError(.publicKey, at: .welcome) }
    defer { wipe(&key) }
    let box = Box.seal(
      agentKey.publicKey.bytes + transcript.hash, nonce: BoxLabel.token.nonce(random.tokenNonce),
      key: key)
    return token.publicKey.bytes + random.tokenNonce + box
  }

  private mutating func fail(_ reason: HandshakeError.Reason, _ message: HandshakeMessage)
    -> HandshakeError
  {
    wipeSecrets()
    return HandshakeError(reason, at: message)
  }

  private mutating func wipeSecrets() {
    state = .over
    wipe(&random.ephemeralSecret)
    wipe(&kes)
    wipe(&kee)
    wipe(&kse)
  }
}
