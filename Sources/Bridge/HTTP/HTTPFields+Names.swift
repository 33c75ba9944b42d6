import Hummingbird

/// Header fields that swift-http-types has no constants for. The names are valid field names, so
/// that making them does not fail.
extension HTTPFields {
  var forwardedFor: String? { self[.init("X-Forwarded-For")!] }
  var forwarded: String? { self[.init("Forwarded")!] }
  var secFetchSite: String? { self[.init("Sec-Fetch-Site")!] }
}

extension StringProtocol {
  /// Without blanks and tabs at both ends.
  var trimmingBlanks: String {
    let start = drop { $0 == " " || $0 == "\t" }
    return String(start.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
  }
}
