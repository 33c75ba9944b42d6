import Bytes
import Sodium
import Testing

@testable import SecureChannel

/// What somebody between agent and coordinator can do with their messages: nothing comes of it.
@Suite struct AttackTests {
  let serverKey = StaticKeyPair(owner: .server)
  let agentKey = StaticKeyPair(owner: .agent)

  /// Both ends of one handshake, and what went over the wire.
  struct Run {
    var agent: AgentHandshake
    var server: ServerHandshake
    var hello: [UInt8] = []
    var welcome: [UInt8] = []
    var initiate: [UInt8] = []
    var ready: [UInt8] = []
    var keys: SessionKeys?

    /// As far as `last`, honestly.
    mutating func go(to last: HandshakeMessage) throws {
      hello = try agent.start()
      guard last != .hello else { return }
      welcome = try server.receive(hello: hello)
      guard last != .welcome else { return }
      initiate = try agent.receive(welcome: welcome)
      guard last != .initiate else { return }
      _ = try server.receive(initiate: initiate)
      let (ready, _, keys) = server.answer(ServerAnswer(verdict: .accepted))
      (self.ready, self.keys) = (ready, keys)
    }
  }

  func new(
    versions: ClosedRange<UInt8> = 1...1, serverVersions: ClosedRange<UInt8> = 1...1,
    features: UInt64 = 0
  ) -> Run {
    var offer = AgentOffer(
      instance: [UInt8](repeating: 7, count: 16), agentVersion: "1.0", agentName: "rig")
    offer.versions = versions
    offer.features = features
    return Run(
      agent: AgentHandshake(serverKey: serverKey.publicKey, agentKey: agentKey, offer: offer),
      server: ServerHandshake(
        keys: [serverKey], versions: serverVersions, featuresKnown: features))
  }

  func refuses(_ what: String, _ body: () throws -> Void) {
    #expect(throws: HandshakeError.self, Comment(rawValue: what)) { try body() }
  }

  @Test func whatIsCutOrTooLongIsRefused() throws {
    var cases = 0
    for kind in [HandshakeMessage.hello, .welcome, .initiate, .ready] {
      for count in Array(0..<kind.bytes) + Array(kind.bytes + 1...kind.bytes + 64) {
        var run = new()
        try run.go(to: kind)
        refuses("\(count) bytes of \(kind)") {
          switch kind {
          case .hello: _ = try run.server.receive(hello: Self.resized(run.hello, count))
          case .welcome: _ = try run.agent.receive(welcome: Self.resized(run.welcome, count))
          case .initiate: _ = try run.server.receive(initiate: Self.resized(run.initiate, count))
          case .ready: _ = try run.agent.receive(ready: Self.resized(run.ready, count))
          }
        }
        cases += 1
      }
    }
    #expect(cases == 1_120 + 256)
  }

  static func resized(_ message: [UInt8], _ count: Int) -> [UInt8] {
    Array(message.prefix(count)) + [UInt8](repeating: 1, count: max(0, count - message.count))
  }

  @Test func messagesOfAnotherHandshakeAreRefused() throws {
    var old = new()
    try old.go(to: .ready)
    // HELLO again gets a new WELCOME, which its own INITIATE does not fit.
    var server = ServerHandshake(keys: [serverKey])
    let welcome = try server.receive(hello: old.hello)
    #expect(welcome != old.welcome)
    refuses("INITIATE again") { _ = try server.receive(initiate: old.initiate) }
    var run = new()
    try run.go(to: .hello)
    refuses("WELCOME of another") { _ = try run.agent.receive(welcome: old.welcome) }
    run = new()
    try run.go(to: .initiate)
    refuses("READY of another") { _ = try run.agent.receive(ready: old.ready) }
    // Spliced: each message of one handshake in the other's place.
    var (one, two) = (new(), new())
    try one.go(to: .initiate)
    try two.go(to: .initiate)
    refuses("INITIATE spliced") { _ = try one.server.receive(initiate: two.initiate) }
    let other = try two.server.receive(initiate: two.initiate)
    #expect(other.agentKey == agentKey.publicKey)
    let ready = two.server.answer(ServerAnswer(verdict: .accepted)).ready
    refuses("READY spliced") { _ = try one.agent.receive(ready: ready) }
    // Reflected: what one end said comes back to it.
    run = new()
    try run.go(to: .hello)
    refuses("HELLO back") { _ = try run.agent.receive(welcome: run.hello) }
    run = new()
    try run.go(to: .welcome)
    refuses("WELCOME back") { _ = try run.server.receive(initiate: run.welcome) }
  }

  @Test func nobodyIsTalkedDown() throws {
    // Both speak 1 and 2, and offer every feature: 2 is taken, whoever flips what.
    let (versions, features) = (UInt8(1)...2, UInt64.max)
    var honest = new(versions: versions, serverVersions: versions, features: features)
    try honest.go(to: .ready)
    #expect(try honest.agent.receive(ready: honest.ready).features == features)
    var cases = 0
    for at in [4, 5] {
      for value in UInt8.min...UInt8.max where value != (at == 4 ? 1 : 2) {
        var run = new(versions: versions, serverVersions: versions, features: features)
        try run.go(to: .hello)
        run.hello[at] = value
        refuses("byte \(at) of HELLO is \(value)") { _ = try run.server.receive(hello: run.hello) }
        cases += 1
      }
    }
    // The rest lies in boxes: every bit of HELLO's features and of WELCOME's choice.
    for bit in 0..<(8 + 8) * 8 {
      var run = new(versions: versions, serverVersions: versions, features: features)
      try run.go(to: .hello)
      run.hello[40 + 16 + bit / 8] ^= 1 << UInt8(bit % 8)
      refuses("bit \(bit) of HELLO's box") { _ = try run.server.receive(hello: run.hello) }
      cases += 1
    }
    for bit in 0..<16 * 8 {
      var run = new(versions: versions, serverVersions: versions, features: features)
      try run.go(to: .welcome)
      run.welcome[20 + 16 + 32 + bit / 8] ^= 1 << UInt8(bit % 8)
      refuses("bit \(bit) of WELCOME's box") { _ = try run.agent.receive(welcome: run.welcome) }
      cases += 1
    }
    #expect(cases == 2 * 255 + 256)
  }

  @Test func noCommonVersionIsSaidAndBound() throws {
    var run = new(versions: 1...1, serverVersions: 2...3)
    try run.go(to: .welcome)
    #expect(
      throws: HandshakeError(
        .noCommonVersion(serverLowest: 2, serverHighest: 3), at: .welcome)
    ) { try run.agent.receive(welcome: run.welcome) }
  }

  /// The seven points of small order, with and without the top bit, and the field's prime.
  static let smallOrder: [[UInt8]] = {
    let points = [
      "0000000000000000000000000000000000000000000000000000000000000000",
      "0100000000000000000000000000000000000000000000000000000000000000",
      "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
      "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ].map { Hex.decode($0) ?? [] }
    return points
      + points.map { point in
        var point = point
        point[31] |= 0x80
        return point
      }
  }()

  @Test(arguments: smallOrder)
  func keysOfSmallOrderMakeNoSession(_ point: [UInt8]) throws {
    let key = try #require(Bytes32(point))
    // C′ in HELLO.
    var run = new()
    try run.go(to: .hello)
    run.hello.replaceSubrange(8..<40, with: point)
    refuses("C′") { _ = try run.server.receive(hello: run.hello) }
    // S that is pinned.
    var agent = AgentHandshake(
      serverKey: key, agentKey: agentKey,
      offer: AgentOffer(
        instance: [UInt8](repeating: 7, count: 16), agentVersion: "", agentName: ""))
    #expect(throws: HandshakeError.self) { try agent.start() }
    // S′ in a WELCOME that is sound otherwise.
    run = new()
    try run.go(to: .hello)
    let kes = run.agent.kes
    let tail = randomBytes(16)
    var plain = point + [1, 1, 1]
    plain.pad(to: 124)
    let welcome =
      HandshakeMessage.welcome.head + tail
      + Box.seal(plain, nonce: BoxLabel.welcome.nonce(tail), key: kes)
    refuses("S′") { _ = try run.agent.receive(welcome: welcome) }
    // C in an INITIATE whose box is sound.
    run = new()
    try run.go(to: .initiate)
    let kee = run.agent.kee
    guard
      var inner = Box.open(run.initiate[4...], nonce: BoxLabel.initiate.nonce(), key: kee)
    else { return #expect(Bool(false), "our own INITIATE opens") }
    inner.replaceSubrange(0..<32, with: point)
    let forged =
      HandshakeMessage.initiate.head
      + Box.seal(inner, nonce: BoxLabel.initiate.nonce(), key: kee)
    refuses("C") { _ = try run.server.receive(initiate: forged) }
    // T of a token: no failed handshake, but no token either.
    run = new()
    try run.go(to: .initiate)
    guard
      var withToken = Box.open(
        run.initiate[4...], nonce: BoxLabel.initiate.nonce(), key: run.agent.kee)
    else { return #expect(Bool(false), "our own INITIATE opens") }
    withToken.replaceSubrange(160..<192, with: point)
    let claim = try run.server.receive(
      initiate: HandshakeMessage.initiate.head
        + Box.seal(withToken, nonce: BoxLabel.initiate.nonce(), key: run.agent.kee))
    #expect(claim.token == (point.allSatisfy { $0 == 0 } ? .none : .broken))
    // C₂ of a rotation.
    let transcript = randomBytes(32)
    let rotation = point + randomBytes(16) + randomBytes(80)
    #expect(
      KeyRotation.verify(
        rotation, agentKey: agentKey.publicKey, serverKey: serverKey, transcript: transcript)
        == nil)
  }

  @Test func aRotationIsForOneSessionAndOneAgent() throws {
    let next = StaticKeyPair(owner: .agent)
    let transcript = randomBytes(32)
    let proof = try #require(
      KeyRotation.make(
        next: next, agentKey: agentKey.publicKey, serverKey: serverKey.publicKey,
        transcript: transcript))
    func verify(_ proof: [UInt8], _ agent: Bytes32, _ transcript: [UInt8]) -> Bytes32? {
      KeyRotation.verify(proof, agentKey: agent, serverKey: serverKey, transcript: transcript)
    }
    #expect(verify(proof, agentKey.publicKey, transcript) == next.publicKey)
    #expect(verify(proof, next.publicKey, transcript) == nil)
    #expect(verify(proof, agentKey.publicKey, randomBytes(32)) == nil)
    for bit in 0..<proof.count * 8 {
      var changed = proof
      changed[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(verify(changed, agentKey.publicKey, transcript) == nil, "bit \(bit)")
    }
  }

  @Test func recordsOfOneDirectionOrSessionAreNoneOfAnother() throws {
    var run = new()
    try run.go(to: .ready)
    let agentKeys = try #require(try run.agent.receive(ready: run.ready).keys)
    let serverKeys = try #require(run.keys)
    #expect(agentKeys.agentToServer == serverKeys.agentToServer)
    #expect(agentKeys.agentToServer != agentKeys.serverToAgent)
    var sealer = RecordSealer(key: agentKeys.agentToServer, direction: .agentToServer)
    let record = sealer.seal([UInt8](repeating: 1, count: 64))
    // Every bit of a record, its length included, is guarded.
    for bit in 16..<record.count * 8 {
      var changed = record
      changed[bit / 8] ^= 1 << UInt8(bit % 8)
      var opener = RecordOpener(key: serverKeys.agentToServer, direction: .agentToServer)
      #expect(throws: RecordError.badTag) { try opener.open(changed[2...]) }
    }
    for count in 0..<record.count - 2 {
      var opener = RecordOpener(key: serverKeys.agentToServer, direction: .agentToServer)
      #expect(throws: RecordError.badTag) { try opener.open(record[2..<2 + count]) }
    }
    var back = RecordOpener(key: agentKeys.serverToAgent, direction: .serverToAgent)
    #expect(throws: RecordError.badTag) { try back.open(record[2...]) }
    var other = new()
    try other.go(to: .ready)
    let others = try #require(other.keys)
    var spliced = RecordOpener(key: others.agentToServer, direction: .agentToServer)
    #expect(throws: RecordError.badTag) { try spliced.open(record[2...]) }
    var good = RecordOpener(key: serverKeys.agentToServer, direction: .agentToServer)
    #expect(try good.open(record[2...]) == [UInt8](repeating: 1, count: 64))
  }

  /// Counters at their end: 2^20 records, a rekey as the last, and no record beyond without it.
  @Test func aKeyEndsAndItsSuccessorGoesOn() throws {
    let key = randomBytes(32)
    let near = RecordLimits.counterEnd - 10
    var sealer = RecordSealer(key: key, direction: .agentToServer, counter: near)
    var opener = RecordOpener(key: key, direction: .agentToServer, counter: near)
    let plain = [UInt8](repeating: 0, count: 8)
    // Every record is opened: the last but one, the one that rekeys, the first of the next key.
    for _ in 0..<9 { _ = try opener.open(sealer.seal(plain)[2...]) }
    #expect(sealer.counter == (1 << 20) - 1)
    var careless = opener
    let last = sealer.seal(plain, rekeys: true)
    _ = try opener.open(last[2...])
    opener.rekey()
    #expect(sealer.epoch == 1 && sealer.counter == 0)
    _ = try opener.open(sealer.seal(plain)[2...])
    // A receiver that is not told of a next key takes no record beyond the end.
    _ = try careless.open(last[2...])
    let next = sealer.seal(plain)
    #expect(throws: RecordError.counterEnd) { try careless.open(next[2...]) }
  }

  @Test func secretsAreNotPrinted() {
    var handshake = new()
    _ = try? handshake.go(to: .ready)
    let token = EnrolmentToken()
    for pair in [serverKey, agentKey] {
      #expect("\(pair)" == pair.publicText && !"\(pair)".contains(pair.secretText))
      #expect(!String(reflecting: pair).contains(pair.secretText))
    }
    #expect(!"\(token)".contains(token.text) && !String(reflecting: token).contains(token.text))
    // What a finished or failed handshake still holds is zeros.
    for key in [handshake.server.kes, handshake.server.kee, handshake.server.kse] {
      #expect(key.allSatisfy { $0 == 0 })
    }
  }
}
