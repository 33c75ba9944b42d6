import Bytes
import Sodium

/// What the server answers in READY.
package struct ServerAnswer: Sendable {
  package var verdict: Verdict
  /// The assignments of the session before are still this agent's.
  package var resumed = false
  package var terms = SessionTerms()
  package var displayName = ""

  package init(verdict: Verdict) { self.verdict = verdict }
}

/// The server's end of one handshake.
///
/// States: waiting for HELLO → (``receive(hello:)``) waiting for INITIATE →
/// (``receive(initiate:)``) to be answered → (``answer(_:)``) over. Any error ends it, silently.
package struct ServerHandshake: Sendable {
  struct Randomness: Sendable {
    var ephemeralSecret = randomBytes(32)
    var welcomeNonce = randomBytes(16)
    var sessionID = randomBytes(16)
  }

  private enum State { case waitsForHello, waitsForInitiate, waitsForAnswer, over }

  private let keys: [StaticKeyPair]
  private let versions: ClosedRange<UInt8>
  private let featuresKnown: UInt64
  private var random: Randomness
  private let ephemeralKey: Bytes32
  private var state = State.waitsForHello
  private var serverKey = Bytes32.zero
  private var agentEphemeral = Bytes32.zero
  private var agentKey = Bytes32.zero
  private(set) var transcript = Transcript(serverKey: .zero)
  private(set) var kes: [UInt8] = []
  private(set) var kee: [UInt8] = []
  private(set) var kse: [UInt8] = []
  /// Known once INITIATE held.
  package private(set) var features: UInt64 = 0

  /// `keys`: one, or two while a new one is being introduced.
  package init(
    keys: [StaticKeyPair], versions: ClosedRange<UInt8> = 1...1, featuresKnown: UInt64 = 0
  ) {
    self.init(keys: keys, versions: versions, featuresKnown: featuresKnown, random: Randomness())
  }

  init(
    keys: [StaticKeyPair], versions: ClosedRange<UInt8>, featuresKnown: UInt64, random: Randomness
  ) {
    precondition(!keys.isEmpty && keys.count <= 2 && keys.allSatisfy { $0.owner == .server })
    self.keys = keys
    self.versions = versions
    self.featuresKnown = featuresKnown
    self.random = random
    ephemeralKey = Box.publicKey(secret: random.ephemeralSecret)
  }

  /// Checks HELLO and gives WELCOME. After a WELCOME with version 0 (``isOver``) both sides close.
  package mutating func receive(hello message: [UInt8]) throws(HandshakeError) -> [UInt8] {
    precondition(state == .waitsForHello)
    do { try HandshakeMessage.hello.check(message) } catch { throw fail(error.reason, .hello) }
    guard let key = Bytes32(message[8..<40]), key.isCanonicalPublicKey else {
      throw fail(.publicKey, .hello)
    }
    var opened: [UInt8]?
    for pair in keys where Blake2b.hash(pair.publicKey.bytes)[0] == message[6] {
      guard let shared = pair.sharedKey(with: key) else { throw fail(.publicKey, .hello) }
      opened = Box.open(message[40...], nonce: BoxLabel.hello.nonce(), key: shared)
      if opened != nil {
        serverKey = pair.publicKey
        kes = shared
        break
      }
    }
    guard let plain = opened else { throw fail(.box, .hello) }
    guard equalInConstantTime(Array(plain[0..<8]), Array(message[0..<8])) else {
      throw fail(.echo, .hello)
    }
    agentEphemeral = key
    transcript = Transcript(serverKey: serverKey)
    transcript.mix(message)
    let low = max(versions.lowerBound, message[4])
    let high = min(versions.upperBound, message[5])
    let version = low <= high ? high : 0
    features = version == 0 ? 0 : plain.bigEndian(at: 8) & featuresKnown
    let welcome = makeWelcome(version: version)
    transcript.mix(welcome)
    state = .waitsForInitiate
    if version == 0 { wipeSecrets() }
    return welcome
  }

  package var isOver: Bool { state == .over }

  /// Checks INITIATE in the order that tells a stranger nothing: box, key, vouch, and only then
  /// may the caller look the key up.
  package mutating func receive(initiate message: [UInt8]) throws(HandshakeError) -> AgentClaim {
    precondition(state == .waitsForInitiate)
    do { try HandshakeMessage.initiate.check(message) } catch {
      throw fail(error.reason, .initiate)
    }
    guard let kee = Box.sharedKey(publicKey: agentEphemeral, secret: random.ephemeralSecret) else {
      throw fail(.publicKey, .initiate)
    }
    self.kee = kee
    guard let plain = Box.open(message[4...], nonce: BoxLabel.initiate.nonce(), key: kee) else {
      throw fail(.box, .initiate)
    }
    guard let key = Bytes32(plain[0..<32]), key.isCanonicalPublicKey,
      let kse = Box.sharedKey(publicKey: key, secret: random.ephemeralSecret)
    else { throw fail(.publicKey, .initiate) }
    self.kse = kse
    let wanted = agentEphemeral.bytes + serverKey.bytes + transcript.hash
    guard
      let vouch = Box.open(
        plain[48..<160], nonce: BoxLabel.vouch.nonce(plain[32..<48]), key: kse),
      equalInConstantTime(vouch, wanted)
    else { throw fail(.vouch, .initiate) }
    agentKey = key
    let token = tokenProof(plain)
    transcript.mix(message)
    state = .waitsForAnswer
    let previous = Array(plain[304..<320])
    return AgentClaim(
      agentKey: key, token: token, instance: Array(plain[288..<304]),
      previousSession: previous.contains { $0 != 0 } ? previous : nil,
      agentVersion: TextField.decode(plain[320..<352]),
      agentName: TextField.decode(plain[352..<384]), serverKey: serverKey)
  }

  /// READY, and the session's keys and id where the verdict opens one.
  package mutating func answer(_ answer: ServerAnswer) -> (
    ready: [UInt8], sessionID: [UInt8], keys: SessionKeys?
  ) {
    precondition(state == .waitsForAnswer)
    let opens = answer.verdict.opensSession
    precondition(!opens || answer.terms.hold, "terms that no session can hold to")
    let sessionID = opens ? random.sessionID : [UInt8](repeating: 0, count: 16)
    var plain = transcript.hash + sessionID
    plain += [answer.verdict.rawValue, answer.resumed ? 1 : 0, 0, 0]
    plain += answer.terms.encoded + TextField.encode(answer.displayName)
    plain.pad(to: 236)
    let ready =
      HandshakeMessage.ready.head + Box.seal(plain, nonce: BoxLabel.ready.nonce(), key: kee)
    transcript.mix(ready)
    var keys: SessionKeys?
    if opens {
      keys = SessionKeys(
        kee: kee, kes: kes, kse: kse, serverKey: serverKey, agentKey: agentKey,
        transcript: transcript.hash)
    }
    wipeSecrets()
    return (ready, sessionID, keys)
  }

  private func makeWelcome(version: UInt8) -> [UInt8] {
    var plain = ephemeralKey.bytes + [version, versions.lowerBound, versions.upperBound]
    plain.pad(to: 40)
    plain.append(bigEndian: features)
    plain.pad(to: 124)
    let nonce = BoxLabel.welcome.nonce(random.welcomeNonce)
    return HandshakeMessage.welcome.head + random.welcomeNonce
      + Box.seal(plain, nonce: nonce, key: kes)
  }

  private func tokenProof(_ plain: [UInt8]) -> AgentClaim.TokenProof {
    guard plain[160..<192].contains(where: { $0 != 0 }) else { return .none }
    guard let key = Bytes32(plain[160..<192]), key.isCanonicalPublicKey,
      var shared = Box.sharedKey(publicKey: key, secret: random.ephemeralSecret)
    else { return .broken }
    defer { wipe(&shared) }
    let nonce = BoxLabel.token.nonce(plain[192..<208])
    guard let proof = Box.open(plain[208..<288], nonce: nonce, key: shared),
      equalInConstantTime(proof, agentKey.bytes + transcript.hash)
    else { return .broken }
    return .holds(key)
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
