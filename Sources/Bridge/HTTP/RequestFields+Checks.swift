import Foundation

/// The checks that several requests share; ranges are in ``Limits``.
extension RequestFields {
  /// A log-in name, in lower case.
  func handle() throws(BridgeError) -> String {
    let text = try string("handle").lowercased()
    let allowed = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
      default: ".+-_@".utf8.contains(byte)
      }
    }
    guard allowed, Limits.handleCharacters.contains(text.count) else {
      throw .invalid(
        "handle", "A name has 3 to 64 letters, digits or . _ + - @ (a mail address will do).")
    }
    return text
  }

  /// A password to be set.
  func newPassword(_ name: String) throws(BridgeError) -> String {
    let password = try givenPassword(name)
    guard Limits.passwordCharacters.contains(password.count) else {
      throw .invalid(name, "A password has 10 to 200 characters.")
    }
    return password
  }

  /// A password to be checked: only so long that hashing it is cheap. Composed (NFC, RFC 8265), so
  /// that it does not matter which keyboard typed an umlaut.
  func givenPassword(_ name: String = "password") throws(BridgeError) -> String {
    let password = try string(name).precomposedStringWithCanonicalMapping
    guard password.count <= Limits.passwordCharacters.upperBound else {
      throw .invalid(name, "A password has 10 to 200 characters.")
    }
    return password
  }

  func optionalStakeBps() throws(BridgeError) -> Int? {
    guard let bps = try optionalInteger("stakeBps") else { return nil }
    guard Limits.basisPoints.contains(bps) else {
      throw .invalid(
        "stakeBps", "The stake must be from 0 % to 100 % of the balance; \(percent(bps)) is not.")
    }
    return bps
  }

  func optionalHarvestAfterBlocks() throws(BridgeError) -> Int? {
    guard let blocks = try optionalInteger("harvestAfterBlocks") else { return nil }
    guard Limits.harvestAfterBlocks.contains(blocks) else {
      throw .invalid("harvestAfterBlocks", "Harvest after 1 to 240 blocks; \(blocks) is not.")
    }
    return blocks
  }

  /// An address as typed, without blanks around it; whether it is one, the service knows.
  func optionalAddress(_ name: String) throws(BridgeError) -> String? {
    guard let text = try optionalString(name) else { return nil }
    let address = String(
      text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace)
        .reversed())
    guard !address.isEmpty else {
      throw .invalid(name, "This is missing: an address like G… of your own wallet.")
    }
    guard address.utf8.count <= Limits.addressCharactersMax else {
      throw .invalid(name, "This is too long for an address.")
    }
    return address
  }

  func address(_ name: String) throws(BridgeError) -> String {
    guard let address = try optionalAddress(name) else {
      throw .invalid(name, "This is missing: an address like G… of your own wallet.")
    }
    return address
  }

  func required<T>(_ name: String, _ value: T?) throws(BridgeError) -> T {
    guard let value else { throw .invalid(name, "This is missing.") }
    return value
  }

  private func percent(_ bps: Int) -> String {
    let magnitude = bps.magnitude
    let decimals = String(magnitude % 100 + 100).dropFirst()
    let sign = bps < 0 ? "-" : ""
    return "\(sign)\(magnitude / 100)" + (decimals == "00" ? "" : ".\(decimals)") + " %"
  }
}
