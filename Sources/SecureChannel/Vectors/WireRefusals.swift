import Bytes
import Sodium

/// Messages of the first case whose outer form is right and whose box is sound, made with all of its
/// keys, that must be refused nevertheless.
struct WireRefusals {
  private let play: WirePlay
  /// C′ and S′.
  private let agentEphemeral, serverEphemeral: Bytes32
  private let kes, kee: [UInt8]
  /// Transcripts after WELCOME and after INITIATE.
  private let h2, h3: [UInt8]
  private let hello: [UInt8]
  private let other: StaticKeyPair

  init(_ play: WirePlay) {
    self.play = play
    func seen(_ name: String) -> [UInt8] {
      guard let found = play.expect.first(where: { $0.0 == name }) else {
        preconditionFailure("the first case has no \(name)")
      }
      return found.1
    }
    agentEphemeral = Box.publicKey(secret: play.random.agentEphemeral)
    serverEphemeral = Box.publicKey(secret: play.random.serverEphemeral)
    kes = seen("k_es")
    kee = seen("k_ee")
    h2 = seen("h2")
    h3 = seen("h3")
    hello = seen("hello")
    other = WirePlay.pair(
      .agent, Blake2b.hash(Array("other secret".utf8) + play.random.agentSecret))
  }

  var all: [VectorJSON] { hellos + welcomes + initiates + readies }

  private func refusal(
    _ name: String, _ by: String, _ kind: String, _ message: [UInt8], _ why: String
  ) -> VectorJSON {
    .object([
      ("name", .text(name)), ("by", .text(by)), ("kind", .text(kind)), ("message", .hex(message)),
      ("why", .text(why)),
    ])
  }

  private static func small(_ first: UInt8) -> [UInt8] {
    [first] + [UInt8](repeating: 0, count: 31)
  }

  private func padded(_ bytes: [UInt8], _ count: Int) -> [UInt8] {
    var bytes = bytes
    bytes.pad(to: count)
    return bytes
  }

  /// The key with the bit that X25519 ignores.
  private static func topBit(_ key: Bytes32) -> [UInt8] {
    var bytes = key.bytes
    bytes[31] |= 0x80
    return bytes
  }

  private var hellos: [VectorJSON] {
    let head = HandshakeMessage.hello.head
    let hint = Blake2b.hash(play.serverKey.publicKey.bytes)[0]
    let clear = head + [1, 1, hint, 0]
    func message(
      _ clear: [UInt8], _ plain: [UInt8], _ label: BoxLabel = .hello
    ) -> [UInt8] {
      clear + agentEphemeral.bytes
        + Box.seal(padded(plain, 136), nonce: label.nonce(), key: kes)
    }
    let box = Array(hello[40...])
    let zeros = [UInt8](repeating: 0, count: 8)
    let hinted = head + [1, 1, hint ^ 1, 0]
    func by(_ name: String, _ message: [UInt8], _ why: String) -> VectorJSON {
      refusal(name, "server", "HELLO", message, why)
    }
    return [
      by(
        "top bit of the ephemeral key set: same shared key, other bytes",
        hello[0..<8] + Self.topBit(agentEphemeral) + box, "key not canonical"),
      by("ephemeral key of small order (1)", clear + Self.small(1) + box, "box"),
      by("ephemeral key all zero", clear + Self.small(0) + box, "box"),
      by(
        "range in clear differs from the boxed one",
        message(head + [1, 2, hint, 0], clear + zeros), "echo"),
      by("hint of another key", message(hinted, hinted), "box"),
      by("WELCOME's label used for HELLO", message(clear, clear + zeros, .welcome), "box"),
    ]
  }

  private var welcomes: [VectorJSON] {
    let tail = play.random.welcomeNonce
    func by(_ name: String, _ plain: [UInt8], _ why: String) -> VectorJSON {
      let box = Box.seal(padded(plain, 124), nonce: BoxLabel.welcome.nonce(tail), key: kes)
      return refusal(name, "agent", "WELCOME", HandshakeMessage.welcome.head + tail + box, why)
    }
    // 9 + p, little-endian, with p = 2^255 − 19.
    let notCanonical = [0xF6] + [UInt8](repeating: 0xFF, count: 30) + [0x7F]
    let key = serverEphemeral.bytes
    return [
      by("server's ephemeral key of small order", Self.small(0) + [1, 1, 1], "key of small order"),
      by(
        "server's ephemeral key not canonical (9 + p)", notCanonical + [1, 1, 1],
        "key not canonical"),
      by("version not offered", key + [2, 1, 2], "version not offered"),
      by(
        "feature not offered",
        key + [1, 1, 1] + [UInt8](repeating: 0, count: 12) + [1], "feature not offered"),
    ]
  }

  private var initiates: [VectorJSON] {
    let agentKey = play.agentKey.publicKey.bytes
    let serverKey = play.serverKey.publicKey.bytes
    func by(
      _ name: String, _ key: [UInt8], _ vouch: [UInt8], _ why: String,
      by signer: StaticKeyPair? = nil, _ label: BoxLabel = .vouch
    ) -> VectorJSON {
      guard let kse = (signer ?? play.agentKey).sharedKey(with: serverEphemeral) else {
        preconditionFailure("a sound key")
      }
      let tail = play.random.vouchNonce
      let plain = key + tail + Box.seal(vouch, nonce: label.nonce(tail), key: kse)
      let box = Box.seal(padded(plain, 492), nonce: BoxLabel.initiate.nonce(), key: kee)
      return refusal(name, "server", "INITIATE", HandshakeMessage.initiate.head + box, why)
    }
    let good = agentEphemeral.bytes + serverKey + h2
    let stranger = other.publicKey.bytes
    return [
      by("vouch by another key than the one named", agentKey, good, "box", by: other),
      by("vouch for another ephemeral key", agentKey, stranger + serverKey + h2, "vouch"),
      by("vouch for another server", agentKey, agentEphemeral.bytes + stranger + h2, "vouch"),
      by(
        "vouch over another transcript", agentKey,
        agentEphemeral.bytes + serverKey + Blake2b.hash(h2), "vouch"),
      by("token's label used for the vouch", agentKey, good, "box", .token),
      by("agent key of small order", Self.small(1), good, "key of small order"),
      by(
        "agent key with the top bit set: same shared key, other identity",
        Self.topBit(play.agentKey.publicKey), good, "key not canonical"),
    ]
  }

  private var readies: [VectorJSON] {
    func by(_ name: String, _ hash: [UInt8], _ label: BoxLabel, _ why: String) -> VectorJSON {
      let box = Box.seal(padded(hash, 236), nonce: label.nonce(), key: kee)
      return refusal(name, "agent", "READY", HandshakeMessage.ready.head + box, why)
    }
    return [
      by("READY over another transcript", Blake2b.hash(h3), .ready, "transcript"),
      by("INITIATE's label used for READY", h3, .initiate, "box"),
    ]
  }
}
