package import Bytes

/// An account's ed25519 public key. Its XDR has a key type (0) before the bytes, which is why it is
/// read by ``XDRReader/accountID()`` and written by ``XDRWriter/accountID(_:)``.
package typealias AccountID = Bytes32

extension XDRReader {
  package mutating func accountID() throws(XDRError) -> AccountID {
    let type = try i32()
    guard type == 0 else { throw .unknownArm(type: "PublicKey", value: type) }
    return try bytes32()
  }

  package mutating func optionalAccountID() throws(XDRError) -> AccountID? {
    try bool() ? accountID() : nil
  }
}

extension XDRWriter {
  package mutating func accountID(_ account: AccountID) {
    u32(0)
    bytes32(account)
  }

  package mutating func optionalAccountID(_ account: AccountID?) {
    bool(account != nil)
    if let account { accountID(account) }
  }
}
