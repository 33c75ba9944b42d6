import Bytes
import Sodium

/// The published vectors of FSP/1, made by both ends of the real handshake from a seed.
///
/// Format: Protos/vectors/README.md. Here because fixed randomness is for nobody else.
package enum PublishedVectors {
  /// The seed of the published set.
  package static let publicSeed = "public-v1"

  /// The whole file, byte for byte.
  package static func document(seed: String = publicSeed, set: String = "public") -> String {
    let cases = WireCase.all.map { WirePlay($0, seed: seed) }
    let seedHash = sha256(Array(seed.utf8)).bytes
    return VectorJSON.object([
      ("schema", .text("fsp-wire-vectors/1")), ("set", .text(set)),
      ("seed_sha256", .hex(seedHash)), ("cases", .list(cases.map(\.json))),
      ("refusals", .list(WireRefusals(cases[0]).all)),
    ]).written() + "\n"
  }
}

/// One handshake: what both sides are told to say, beside the randomness.
struct WireCase {
  var name: String
  var versions: ClosedRange<UInt8> = 1...1
  var serverVersions: ClosedRange<UInt8> = 1...1
  var featuresOffered: UInt64 = 0
  var featuresKnown: UInt64 = 0
  var agentVersion = "kalepool-agent 1.0.0"
  var agentName = "rig"
  var answer: ServerAnswer
  var hasToken = false
  var hasPrevious = false
  var hasOtherKey = false
  var isPadded = true
  var hasLargestRecord = false

  init(_ name: String, _ verdict: Verdict = .accepted) {
    self.name = name
    answer = ServerAnswer(verdict: verdict)
    answer.displayName = "rig"
    // Given, so that the vectors stay what they are when a default changes.
    answer.terms.pingIntervalMs = 5_000
    answer.terms.deadAfterMs = 10_000
    answer.terms.streamsMax = 128
    answer.terms.connectionCreditBytes = 1_048_576
    answer.terms.streamCreditMessages = 64
    answer.terms.messageBytesMax = 524_288
    answer.terms.serverTimeMs = 1_790_000_000_000
  }

  static var all: [WireCase] {
    var token = WireCase("enrolment with a token")
    token.agentName = "new rig 7"
    token.hasToken = true
    var back = WireCase("back after a break")
    back.featuresOffered = 0x8000_0000_0000_0005
    back.featuresKnown = 0x8000_0000_0000_0006
    back.answer.resumed = true
    back.hasPrevious = true
    back.isPadded = false
    var pending = WireCase("pending, longest texts", .pending)
    pending.agentName = String(repeating: "é", count: 16)
    pending.agentVersion = String(repeating: "v", count: 32)
    pending.answer.displayName = String(repeating: "水", count: 10) + "ab"
    pending.answer.terms.retryAfterMs = .max
    pending.hasToken = true
    var ranges = WireCase("ranges meet at 1, second server key, largest record")
    ranges.versions = 1...3
    ranges.answer.terms.pingIntervalMs = 2_000
    ranges.answer.terms.deadAfterMs = 4_000
    ranges.answer.terms.streamsMax = 1
    ranges.hasOtherKey = true
    ranges.hasLargestRecord = true
    var revoked = WireCase("revoked: ends with READY", .revoked)
    revoked.answer.terms.connectionCreditBytes = 0
    var versions = WireCase("no common version: ends with WELCOME")
    versions.versions = 2...3
    return [WireCase("known agent"), token, back, pending, ranges, revoked, versions]
  }

  var fields: VectorJSON {
    let terms = answer.terms
    func number(_ value: some BinaryInteger) -> VectorJSON { .number(UInt64(value)) }
    return .object([
      ("version_min", number(versions.lowerBound)), ("version_max", number(versions.upperBound)),
      ("server_version_min", number(serverVersions.lowerBound)),
      ("server_version_max", number(serverVersions.upperBound)),
      ("features_offered", .text("\(featuresOffered)")),
      ("features_known", .text("\(featuresKnown)")), ("agent_version", .text(agentVersion)),
      ("agent_name", .text(agentName)), ("verdict", number(answer.verdict.rawValue)),
      ("resumed", number(answer.resumed ? 1 : 0)), ("ping_ms", number(terms.pingIntervalMs)),
      ("dead_ms", number(terms.deadAfterMs)), ("streams_max", number(terms.streamsMax)),
      ("connection_credit_bytes", number(terms.connectionCreditBytes)),
      ("stream_credit_messages", number(terms.streamCreditMessages)),
      ("message_bytes_max", number(terms.messageBytesMax)),
      ("retry_after_ms", number(terms.retryAfterMs)),
      ("server_time_ms", .text("\(terms.serverTimeMs)")),
      ("display_name", .text(answer.displayName)),
    ])
  }
}
