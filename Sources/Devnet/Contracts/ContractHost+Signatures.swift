import Bytes
import Sodium
import StellarXDR

/// Agreement by an address's own signature, outside the transaction's.
extension ContractHost {
  /// Checks what an address signed and spends its nonce.
  func verify(_ entry: SorobanAuthorizationEntry) throws(HostError) {
    let proof: SorobanCredentials.Address
    switch entry.credentials {
    case .sourceAccount: return
    case .address(let address), .addressV2(let address): proof = address
    case .addressWithDelegates:
      throw HostError(.host(.auth, .invalidInput), "delegated credentials are not served here")
    }
    guard proof.expirationLedger >= world.sequence else {
      throw HostError(.host(.auth, .invalidInput), "signature has expired")
    }
    let longest = world.sequence + world.rules.archival.ttlMax - 1
    guard proof.expirationLedger <= longest else {
      throw HostError(.host(.auth, .invalidInput), "signature expiration is too late")
    }
    try spend(nonce: proof.nonce, of: proof.address, until: proof.expirationLedger)
    guard case .account(let account) = proof.address else {
      throw HostError(
        .host(.auth, .invalidAction), "the devnet has no contracts that check signatures")
    }
    guard let signer = try read(.account(account))?.account else {
      throw HostError(.host(.storage, .missingValue), "account entry is missing")
    }
    guard let hash = entry.preimage(networkID: world.network.networkID)?.hash else { return }
    try verify(proof.signature, over: hash, of: signer)
  }

  /// In a simulation: an address other than the source is going to sign.
  func noteFutureSignature(of address: SCAddress) throws(HostError) {
    if case .account(let account) = address { _ = try read(.account(account)) }
    try spend(nonce: simulatedNonce(of: address), of: address, until: world.sequence)
  }

  /// The nonce a simulation proposes: any number nobody has used.
  func simulatedNonce(of address: SCAddress) -> Int64 {
    var seed = address.xdr
    withUnsafeBytes(of: world.sequence.bigEndian) { seed.append(contentsOf: $0) }
    return Int64(
      truncatingIfNeeded: sha256(seed).bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
  }

  private func spend(nonce: Int64, of address: SCAddress, until last: UInt32) throws(HostError) {
    let key = nonceKey(of: address, nonce)
    guard try read(key) == nil else {
      throw HostError(.host(.auth, .existingValue), "nonce already exists for address")
    }
    let least = world.sequence + world.rules.archival.temporaryTTLMin - 1
    try write(.void, at: key, liveUntil: max(last, least))
  }

  private func nonceKey(of address: SCAddress, _ nonce: Int64) -> LedgerKey {
    .contractData(contract: address, key: .ledgerKeyNonce(nonce), durability: .temporary)
  }

  /// `Vec[Map{public_key, signature} …]`, ascending by key, of weights that reach the medium
  /// threshold.
  private func verify(_ signatures: SCVal, over hash: Bytes32, of account: AccountEntry)
    throws(HostError)
  {
    let bad = HostError(.host(.auth, .invalidAction), "signature of an account is invalid")
    guard let items = signatures.asVec, !items.isEmpty, items.count <= 20 else { throw bad }
    var weight = 0
    var last: Bytes32?
    for item in items {
      guard let key = item[field: "public_key"]?.asBytes32,
        let signature = item[field: "signature"]?.asBytes, last.map({ $0 < key }) ?? true,
        Ed25519.verify(signature, of: hash.bytes, by: key)
      else { throw bad }
      weight += account.weight(of: key)
      last = key
    }
    guard weight >= max(1, Int(account.thresholds[2])) else { throw bad }
  }
}

extension AccountEntry {
  /// What a key's signature counts for this account; 0 if it is no signer.
  func weight(of key: Bytes32) -> Int {
    if key == account { return Int(thresholds[0]) }
    return Int(signers.first { $0.key == .ed25519(key) }?.weight ?? 0)
  }
}
