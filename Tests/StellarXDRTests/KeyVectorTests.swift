import Bytes
import Sodium
import StellarXDR
import TestKit
import Testing

@Suite(.disabled(if: Vectors.areAbsent, "no vectors")) struct KeyVectorTests {
  private static let kinds: [String: StrKey.Kind] = [
    "public_key": .account, "seed": .seed, "contract": .contract, "muxed_account": .muxedAccount,
    "pre_auth_tx": .preAuthTransaction, "sha256_hash": .hashX, "signed_payload": .signedPayload,
    "claimable_balance": .claimableBalance, "liquidity_pool": .liquidityPool,
    "muxed_contract": .muxedContract,
  ]

  /// A file that came anew would otherwise be passed over in silence.
  @Test func everyFileOfTheSetIsRead() throws {
    let read = [
      "contract_ids", "contract_sections", "envelopes", "fees", "keypairs", "ledger_entries",
      "ledger_keys", "ledgers", "networks", "scvals", "soroban_auth", "soroban_data", "strkey",
      "tx_meta", "tx_results", "val_abi",
    ]
    #expect(try Vectors.files(in: "stellar") == read.map { "\($0).json" })
  }

  @Test func strkey() throws {
    for vector in try VectorJSON.cases("strkey", atLeast: 60) {
      let text = vector.text.string
      if vector.ok.isTrue {
        let kind = try #require(Self.kinds[vector["kind"].string])
        let payload = try vector.payload.hex()
        #expect(kind.rawValue == (try vector.version_byte.integer()))
        #expect(CRC16.xmodem([kind.rawValue] + payload) == (try vector.crc16.integer()))
        #expect(StrKey.encode(kind, payload) == text, "\(vector.name)")
        #expect(StrKey.decode(text, as: kind) == payload, "\(vector.name)")
        for other in StrKey.Kind.allCases where other != kind {
          #expect(StrKey.decode(text, as: other) == nil, "\(vector.name)")
        }
        try names(text, kind, vector)
      } else if let kind = Self.kinds[vector.expect_kind.string] {
        #expect(StrKey.decode(text) != nil, "\(vector.name)")
        #expect(StrKey.decode(text, as: kind) == nil, "\(vector.name)")
      } else {
        #expect(StrKey.decode(text) == nil, "\(vector.name): \(vector.reason.string)")
      }
    }
  }

  /// The types that are written as StrKeys print what they read.
  private func names(_ text: String, _ kind: StrKey.Kind, _ vector: VectorJSON) throws {
    switch kind {
    case .account, .muxedAccount:
      #expect(MuxedAccount(text)?.description == text)
      #expect(SCAddress(text)?.description == text)
      if case .muxed(let id, let key)? = MuxedAccount(text) {
        #expect(id == (try vector.id.integer()))
        #expect(StrKey.account(key) == vector["account"].string)
      }
    case .contract, .claimableBalance, .liquidityPool, .muxedContract:
      #expect(SCAddress(text)?.description == text)
      #expect(MuxedAccount(text) == nil)
    default: #expect(SCAddress(text) == nil)
    }
  }

  @Test func keypairs() throws {
    for vector in try VectorJSON.cases("keypairs", atLeast: 10) {
      let message = try vector.message.hex()
      let signature = try vector.signature.hex()
      let key = try vector.public_hex.bytes32()
      #expect(Ed25519.verify(signature, of: message, by: key) == vector.ok.isTrue)
      guard vector.ok.isTrue else { continue }
      let seed = try #require(StrKey.decode(vector.seed.string, as: .seed))
      #expect(seed == (try vector.seed_hex.hex()))
      let pair = Ed25519KeyPair(seed: try #require(Bytes32(seed)))
      #expect(pair.publicKey == key)
      #expect(pair.sign(message) == signature)
      #expect(StrKey.account(key) == vector.public_key.string)
      #expect(DecoratedSignature(key: key, signature: signature).hint == (try vector.hint.hex()))
    }
  }

  @Test func networks() throws {
    for vector in try VectorJSON.cases("networks", atLeast: 1) {
      let id = sha256(Array(vector.passphrase.string.utf8))
      #expect(id == (try vector.network_id.bytes32()))
      guard let network = KaleNetwork.named(vector.name) else { continue }
      #expect(network.passphrase == vector.passphrase.string)
      #expect(network.networkID == id)
    }
  }

  @Test func contractIDs() throws {
    for vector in try VectorJSON.cases("contract_ids", atLeast: 5) {
      let networkID = sha256(Array(vector.passphrase.string.utf8))
      let preimage: ContractIDPreimage
      if vector["kind"].string == "asset" {
        let asset = try vector["asset"].asset()
        expectSame(asset, vector.asset_xdr, vector.name)
        preimage = .asset(asset)
        #expect(asset.contractID(networkID: networkID) == (try vector.contract_hex.bytes32()))
      } else {
        preimage = .address(try vector.deployer.address(), salt: try vector.salt.bytes32())
      }
      expectSame(
        HashIDPreimage.contractID(networkID: networkID, preimage), vector.preimage_xdr,
        vector.name)
      let id = preimage.contractID(networkID: networkID)
      #expect(StrKey.contract(id) == vector["contract"].string)
    }
  }
}
