import Bytes
import Sodium
import Testing

@Suite struct SodiumTests {
  @Test func sha256OfNothing() {
    #expect(
      sha256([]).description
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  }

  @Test func blake2bOfABC() {
    #expect(
      Hex.encode(Blake2b.hash(Array("abc".utf8)))
        == "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319")
    #expect(Blake2b.hash([1], key: [UInt8](repeating: 2, count: 32), count: 64).count == 64)
  }

  @Test func signatures() {
    let pair = Ed25519KeyPair()
    let signature = pair.sign([1, 2, 3])
    #expect(Ed25519.verify(signature, of: [1, 2, 3], by: pair.publicKey))
    #expect(!Ed25519.verify(signature, of: [1, 2, 4], by: pair.publicKey))
    #expect(!Ed25519.verify(signature.dropLast(), of: [1, 2, 3], by: pair.publicKey))
  }

  @Test func boxesOpenAtTheOtherEnd() throws {
    let (a, b) = (randomBytes(32), randomBytes(32))
    let there = try #require(Box.sharedKey(publicKey: Box.publicKey(secret: b), secret: a))
    let back = try #require(Box.sharedKey(publicKey: Box.publicKey(secret: a), secret: b))
    let nonce = randomBytes(24)
    var sealed = Box.seal([7, 8, 9], nonce: nonce, key: there)
    #expect(Box.open(sealed, nonce: nonce, key: back) == [7, 8, 9])
    sealed[0] ^= 1
    #expect(Box.open(sealed, nonce: nonce, key: back) == nil)
  }

  @Test func smallOrderKeysHaveNoSharedKey() {
    #expect(Box.sharedKey(publicKey: .zero, secret: randomBytes(32)) == nil)
  }

  @Test func associatedDataIsBound() throws {
    let key = randomBytes(32)
    let sealed = key.withUnsafeBufferPointer { key in
      [UInt8]([1, 2, 3]).withUnsafeBufferPointer { AEAD.seal($0, key: key, associated: [5]) }
    }
    key.withUnsafeBufferPointer { key in
      #expect(AEAD.open(sealed, key: key, associated: [5]) == [1, 2, 3])
      #expect(AEAD.open(sealed, key: key, associated: [6]) == nil)
    }
  }

  @Test func passwords() {
    let hash = PasswordHash.make("correct horse")
    #expect(PasswordHash.verify("correct horse", against: hash))
    #expect(!PasswordHash.verify("wrong horse", against: hash))
  }

  @Test func secretsDoNotPrint() {
    var bytes: [UInt8] = [1, 2, 3]
    let secret = SecretBytes(moving: &bytes)
    #expect(bytes == [0, 0, 0])
    #expect("\(secret)" == "SecretBytes(3 bytes)")
    #expect(secret.withBytes { Array($0) } == [1, 2, 3])
  }
}
