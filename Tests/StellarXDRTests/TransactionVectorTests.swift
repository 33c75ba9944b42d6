import Bytes
import Sodium
import StellarXDR
import TestKit
import Testing

@Suite(.disabled(if: Vectors.areAbsent, "no vectors")) struct TransactionVectorTests {
  @Test func envelopes() throws {
    for vector in try VectorJSON.cases("envelopes", atLeast: 25) {
      if vector["kind"].string == "tx" {
        try expectTransaction(vector)
      } else {
        try expectFeeBump(vector)
      }
    }
  }

  private func expectTransaction(_ vector: VectorJSON) throws {
    let transaction = try vector.tx.transaction()
    expectSame(transaction, vector.tx_xdr, vector.name)
    let networkID = sha256(Array(vector.passphrase.string.utf8))
    #expect(
      Base64.encode(transaction.signaturePayload(networkID: networkID))
        == vector.signature_payload.string)
    let hash = transaction.hash(networkID: networkID)
    #expect(hash == (try vector["hash"].bytes32()))
    let pairs = try self.pairs(vector)
    let envelope = transaction.signed(by: pairs, networkID: networkID)
    try expectEnvelope(envelope, vector, pairs, hash)
    #expect(envelope.hash(networkID: networkID) == hash)
    #expect(envelope.inner == transaction)
  }

  private func expectFeeBump(_ vector: VectorJSON) throws {
    let networkID = sha256(Array(vector.passphrase.string.utf8))
    let inner = try vector.inner.tx.transaction()
    let innerHash = inner.hash(networkID: networkID)
    #expect(innerHash == (try vector.inner_hash.bytes32()))
    let bump = FeeBumpTransaction(
      feeSource: try vector.fee_bump.fee_source.muxed(), fee: try vector.fee_bump.fee.integer(),
      inner: inner,
      innerSignatures: try pairs(vector.inner).map {
        DecoratedSignature(signing: innerHash, with: $0)
      })
    expectSame(bump, vector.tx_xdr, vector.name)
    #expect(
      Base64.encode(bump.signaturePayload(networkID: networkID))
        == vector.signature_payload.string)
    let hash = bump.hash(networkID: networkID)
    #expect(hash == (try vector["hash"].bytes32()))
    let pairs = try self.pairs(vector)
    try expectEnvelope(bump.signed(by: pairs, networkID: networkID), vector, pairs, hash)
  }

  private func expectEnvelope(
    _ envelope: TransactionEnvelope, _ vector: VectorJSON, _ pairs: [Ed25519KeyPair],
    _ hash: Bytes32
  ) throws {
    expectSame(envelope, vector.envelope_xdr, vector.name)
    for (at, signature) in envelope.signatures.enumerated() {
      #expect(signature.signature == (try vector.signatures.array[at].signature.hex()))
      #expect(signature.hint == (try vector.signatures.array[at].hint.hex()))
      #expect(signature.isValid(for: hash, by: pairs[at].publicKey))
      #expect(!signature.isValid(for: .zero, by: pairs[at].publicKey))
    }
    var unsigned = envelope
    unsigned.signatures = []
    expectSame(unsigned, vector.unsigned_envelope_xdr, vector.name)
  }

  private func pairs(_ vector: VectorJSON) throws -> [Ed25519KeyPair] {
    try vector.signatures.array.map { row in
      let seed = try #require(StrKey.decode(row.seed.string, as: .seed))
      return Ed25519KeyPair(seed: try #require(Bytes32(seed)))
    }
  }

  @Test func sorobanData() throws {
    for vector in try VectorJSON.cases("soroban_data", atLeast: 1) {
      expectSame(try vector.soroban_data.sorobanData(), vector.xdr, vector.name)
    }
  }

  @Test func sorobanAuthorization() throws {
    for vector in try VectorJSON.cases("soroban_auth", atLeast: 1) {
      let entry = try vector.entry.authorization()
      expectSame(entry, vector.entry_xdr, vector.name)
      let networkID = sha256(Array(vector.passphrase.string.utf8))
      guard !vector.seed.isNull else {
        #expect(entry.preimage(networkID: networkID) == nil)
        continue
      }
      let unsigned = try vector.unsigned_entry.authorization()
      expectSame(unsigned, vector.unsigned_entry_xdr, vector.name)
      let preimage = try #require(unsigned.preimage(networkID: networkID))
      expectSame(preimage, vector.preimage_xdr, vector.name)
      #expect(preimage.hash == (try vector.payload_hash.bytes32()))
      let seed = try #require(StrKey.decode(vector.seed.string, as: .seed))
      let pair = Ed25519KeyPair(seed: try #require(Bytes32(seed)))
      #expect(unsigned.signed(by: pair, networkID: networkID) == entry, "\(vector.name)")
    }
  }
}
