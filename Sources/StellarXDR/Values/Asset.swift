/// XLM, or what an issuer gives out under a code.
package enum Asset: XDRCodable, CustomStringConvertible {
  case native
  /// `code` has 4 bytes, filled with zeros on the right.
  case alphanum4(code: [UInt8], issuer: AccountID)
  /// `code` has 12 bytes, filled with zeros on the right.
  case alphanum12(code: [UInt8], issuer: AccountID)

  /// An asset with a code of 1...12 letters and digits, or nil.
  package init?(code: String, issuer: AccountID) {
    let letters = Array(code.utf8)
    guard (1...12).contains(letters.count), letters.allSatisfy(Self.isCodeLetter) else {
      return nil
    }
    let size = letters.count <= 4 ? 4 : 12
    let padded = letters + [UInt8](repeating: 0, count: size - letters.count)
    self =
      size == 4
      ? .alphanum4(code: padded, issuer: issuer) : .alphanum12(code: padded, issuer: issuer)
  }

  /// From `native` or `CODE:ISSUER`, or nil.
  package init?(_ text: String) {
    if text == "native" {
      self = .native
      return
    }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, let issuer: AccountID = StrKey.account(parts[1]) else { return nil }
    self.init(code: parts[0], issuer: issuer)
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    let type = try reader.i32()
    guard let asset = try Asset(type: type, from: &reader) else {
      throw .unknownArm(type: "Asset", value: type)
    }
    self = asset
  }

  /// The asset of a discriminant already read, or nil for one that is not an asset's.
  init?(type: Int32, from reader: inout XDRReader) throws(XDRError) {
    switch type {
    case 0: self = .native
    case 1: self = .alphanum4(code: try reader.fixed(4), issuer: try reader.accountID())
    case 2: self = .alphanum12(code: try reader.fixed(12), issuer: try reader.accountID())
    default: return nil
    }
  }

  package func encode(to writer: inout XDRWriter) {
    switch self {
    case .native: writer.u32(0)
    case .alphanum4(let code, let issuer):
      precondition(code.count == 4)
      writer.u32(1)
      writer.fixed(code)
      writer.accountID(issuer)
    case .alphanum12(let code, let issuer):
      precondition(code.count == 12)
      writer.u32(2)
      writer.fixed(code)
      writer.accountID(issuer)
    }
  }

  /// The code without its filling; `XLM` for the native asset.
  package var code: String {
    switch self {
    case .native: "XLM"
    case .alphanum4(let code, _), .alphanum12(let code, _):
      String(decoding: code.prefix { $0 != 0 }, as: UTF8.self)
    }
  }

  package var issuer: AccountID? {
    switch self {
    case .native: nil
    case .alphanum4(_, let issuer), .alphanum12(_, let issuer): issuer
    }
  }

  /// `native` or `CODE:ISSUER`, which is also the name that the asset's contract gives.
  package var description: String {
    issuer.map { "\(code):\(StrKey.account($0))" } ?? "native"
  }

  private static func isCodeLetter(_ letter: UInt8) -> Bool {
    switch letter {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }
}
