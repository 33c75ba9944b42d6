package import Bytes
import Sodium

/// Sixteen bytes an operator hands to a pooler once: the seed of a one-time key.
///
/// The token itself never travels; the server keeps its public key alone, so neither a stolen
/// database nor a false server can enrol with what it has seen.
package struct EnrolmentToken: Sendable, CustomStringConvertible {
  package static let bytes = 16

  private let seed: [UInt8]

  package init() { seed = randomBytes(Self.bytes) }

  /// `E…`
  package init(text: String) throws(KeyTextError) {
    seed = try KeyText.decode(text, as: .enrolmentToken)
  }

  init(seed: [UInt8]) {
    precondition(seed.count == Self.bytes)
    self.seed = seed
  }

  /// The text form, shown once to the one who will use it.
  package var text: String { KeyText.encode(.enrolmentToken, seed) }

  /// What the server stores and looks up.
  package var publicKey: Bytes32 { withSecret { Box.publicKey(secret: $0) } }

  package var description: String { "EnrolmentToken" }

  func withSecret<R>(_ body: ([UInt8]) -> R) -> R {
    var secret = Blake2b.hash(Array("FSP1 token".utf8) + seed)
    defer { wipe(&secret) }
    return body(secret)
  }
}
