import Bytes
import Sodium
import StellarXDR

/// Further signers: keys, and hashes of secrets. Hashes of transactions and signed payloads are not
/// served.
extension AccountEntry {
  /// What signatures count that are not of the account's own key.
  func weight(of signatures: [DecoratedSignature], over hash: Bytes32) -> Int {
    guard !signers.isEmpty else { return 0 }
    return signers.reduce(0) { sum, signer in
      let isThere = signatures.contains { Self.isValid($0, of: signer.key, over: hash) }
      return sum + (isThere ? Int(signer.weight) : 0)
    }
  }

  func isSigned(_ signature: DecoratedSignature, over hash: Bytes32) -> Bool {
    signers.contains { Self.isValid(signature, of: $0.key, over: hash) }
  }

  private static func isValid(
    _ signature: DecoratedSignature, of signer: SignerKey, over hash: Bytes32
  ) -> Bool {
    switch signer {
    case .ed25519(let key): signature.isValid(for: hash, by: key)
    case .hashX(let image):
      signature.hint == Array(image.bytes.suffix(4)) && sha256(signature.signature) == image
    case .preAuthTransaction, .signedPayload: false
    }
  }
}
