package import Bytes
import Sodium

/// A long-term X25519 key pair of a coordinator or of an agent. The secret lies in locked memory.
package struct StaticKeyPair: Sendable, CustomStringConvertible {
  package enum Owner: Sendable {
    case agent
    case server

    var publicKind: KeyKind { self == .agent ? .agentPublic : .serverPublic }
    var secretKind: KeyKind { self == .agent ? .agentSecret : .serverSecret }
  }

  package let owner: Owner
  package let publicKey: Bytes32
  private let secret: SecretBytes

  /// A new pair.
  package init(owner: Owner) {
    var secret = randomBytes(32)
    self.init(owner: owner, moving: &secret)
  }

  /// The pair of a 32-byte secret, which is wiped where it was.
  package init(owner: Owner, moving secret: inout [UInt8]) {
    self.owner = owner
    publicKey = Box.publicKey(secret: secret)
    self.secret = SecretBytes(moving: &secret)
  }

  /// The pair of a secret's text form, `K…` or `Z…`.
  package init(owner: Owner, secretText: String) throws(KeyTextError) {
    var secret = try KeyText.decode(secretText, as: owner.secretKind)
    self.init(owner: owner, moving: &secret)
  }

  /// `A…` or `H…`: what others are told.
  package var publicText: String { KeyText.encode(owner.publicKind, publicKey.bytes) }

  /// `K…` or `Z…`: for the key file alone.
  package var secretText: String {
    withSecret { KeyText.encode(owner.secretKind, $0) }
  }

  package var description: String { publicText }

  /// Lends a copy of the secret and wipes it afterwards.
  func withSecret<R>(_ body: ([UInt8]) -> R) -> R {
    var copy = secret.withBytes { Array($0) }
    defer { wipe(&copy) }
    return body(copy)
  }

  func sharedKey(with other: Bytes32) -> [UInt8]? {
    withSecret { Box.sharedKey(publicKey: other, secret: $0) }
  }
}
