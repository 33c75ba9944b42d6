package import Bytes
package import Sodium

/// What ids and authorisations are hashed from.
package enum HashIDPreimage: XDRCodable {
  case contractID(networkID: Bytes32, ContractIDPreimage)
  case sorobanAuthorization(
    networkID: Bytes32, nonce: Int64, expirationLedger: UInt32,
    invocation: SorobanAuthorizedInvocation)
  case sorobanAuthorizationWithAddress(
    networkID: Bytes32, nonce: Int64, expirationLedger: UInt32, address: SCAddress,
    invocation: SorobanAuthorizedInvocation)

  package init(from reader: inout XDRReader) throws(XDRError) {
    switch try reader.i32() {
    case EnvelopeType.contractID.rawValue:
      self = .contractID(networkID: try reader.bytes32(), try reader.value())
    case EnvelopeType.sorobanAuthorization.rawValue:
      self = .sorobanAuthorization(
        networkID: try reader.bytes32(), nonce: try reader.i64(),
        expirationLedger: try reader.u32(), invocation: try reader.value())
    case EnvelopeType.sorobanAuthorizationWithAddress.rawValue:
      self = .sorobanAuthorizationWithAddress(
        networkID: try reader.bytes32(), nonce: try reader.i64(),
        expirationLedger: try reader.u32(), address: try reader.value(),
        invocation: try reader.value())
    case let type: throw .unknownArm(type: "HashIDPreimage", value: type)
    }
  }

  package func encode(to writer: inout XDRWriter) {
    switch self {
    case .contractID(let networkID, let preimage):
      writer.choice(EnvelopeType.contractID)
      writer.bytes32(networkID)
      writer.value(preimage)
    case .sorobanAuthorization(let networkID, let nonce, let expiration, let invocation):
      writer.choice(EnvelopeType.sorobanAuthorization)
      writer.bytes32(networkID)
      writer.i64(nonce)
      writer.u32(expiration)
      writer.value(invocation)
    case .sorobanAuthorizationWithAddress(
      let networkID, let nonce, let expiration, let address, let invocation):
      writer.choice(EnvelopeType.sorobanAuthorizationWithAddress)
      writer.bytes32(networkID)
      writer.i64(nonce)
      writer.u32(expiration)
      writer.value(address)
      writer.value(invocation)
    }
  }

  package var hash: Bytes32 { sha256(xdr) }
}

extension ContractIDPreimage {
  /// The id of the contract made from this on a network.
  package func contractID(networkID: Bytes32) -> Bytes32 {
    HashIDPreimage.contractID(networkID: networkID, self).hash
  }
}

extension Asset {
  /// The id of the asset's own contract (SAC) on a network.
  package func contractID(networkID: Bytes32) -> Bytes32 {
    ContractIDPreimage.asset(self).contractID(networkID: networkID)
  }
}

extension SorobanAuthorizationEntry {
  /// What an address signs to agree, or nil where the transaction's signature does.
  package func preimage(networkID: Bytes32) -> HashIDPreimage? {
    switch credentials {
    case .sourceAccount: nil
    case .address(let proof):
      .sorobanAuthorization(
        networkID: networkID, nonce: proof.nonce, expirationLedger: proof.expirationLedger,
        invocation: invocation)
    case .addressV2(let proof), .addressWithDelegates(let proof, _):
      .sorobanAuthorizationWithAddress(
        networkID: networkID, nonce: proof.nonce, expirationLedger: proof.expirationLedger,
        address: proof.address, invocation: invocation)
    }
  }

  /// The entry with an account's signature over its preimage.
  package func signed(by pair: Ed25519KeyPair, networkID: Bytes32) -> SorobanAuthorizationEntry {
    guard let preimage = preimage(networkID: networkID) else { return self }
    let signature = SCVal.vec([
      .map(sorting: [
        (.symbol("public_key"), .bytes(pair.publicKey.bytes)),
        (.symbol("signature"), .bytes(pair.sign(preimage.hash.bytes))),
      ])
    ])
    var signed = self
    switch credentials {
    case .sourceAccount: break
    case .address(var proof):
      proof.signature = signature
      signed.credentials = .address(proof)
    case .addressV2(var proof):
      proof.signature = signature
      signed.credentials = .addressV2(proof)
    case .addressWithDelegates(var proof, let delegates):
      proof.signature = signature
      signed.credentials = .addressWithDelegates(proof, delegates)
    }
    return signed
  }
}
