package import Bytes
import Keccak

/// The proof of work: Keccak-256 over index, nonce, entropy and farmer. Source: kale.md §4.
package enum KaleHash {
  package static let preimageBytes = 76

  /// `block` u32 BE ‖ `nonce` u64 BE ‖ `entropy` ‖ the 32 raw bytes of the farmer's address.
  package static func preimage(block: UInt32, nonce: UInt64, entropy: Bytes32, farmer: Bytes32)
    -> [UInt8]
  {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(preimageBytes)
    withUnsafeBytes(of: block.bigEndian) { bytes.append(contentsOf: $0) }
    withUnsafeBytes(of: nonce.bigEndian) { bytes.append(contentsOf: $0) }
    bytes.append(contentsOf: entropy.bytes)
    bytes.append(contentsOf: farmer.bytes)
    return bytes
  }

  package static func hash(block: UInt32, nonce: UInt64, entropy: Bytes32, farmer: Bytes32)
    -> Bytes32
  {
    keccak256(preimage(block: block, nonce: nonce, entropy: entropy, farmer: farmer))
  }

  /// Leading zero hex digits, 0 ... 64.
  package static func zeros(_ hash: Bytes32) -> Int {
    var zeros = 0
    for byte in hash.bytes {
      if byte != 0 { return zeros + byte.leadingZeroBitCount / 4 }
      zeros += 2
    }
    return zeros
  }
}
