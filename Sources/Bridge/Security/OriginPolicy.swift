/// Which hosts this server answers to, and which pages may change something here.
///
/// The host check defeats DNS rebinding (a foreign name that resolves to 127.0.0.1); the origin
/// check, beside SameSite=Strict cookies, defeats requests forged by another site's page.
struct OriginPolicy: Sendable {
  /// Scheme, host and port as a browser writes them in `Origin`; nil without a public origin.
  let publicOrigin: String?
  private let publicHost: String?

  init(publicOrigin: String?) throws(BridgeStartError) {
    guard let publicOrigin else {
      self.publicOrigin = nil
      publicHost = nil
      return
    }
    let origin = publicOrigin.lowercased()
    let secure = origin.hasPrefix("https://")
    guard secure || origin.hasPrefix("http://") else { throw .publicOriginMalformed(publicOrigin) }
    let host = String(origin.dropFirst(secure ? 8 : 7))
    let plain = host.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
      default: "-.:[]".utf8.contains(byte)
      }
    }
    guard plain, !host.isEmpty, secure || Self.isLoopback(Self.withoutPort(host)) else {
      throw .publicOriginMalformed(publicOrigin)
    }
    self.publicOrigin = origin
    publicHost = Self.withoutPort(host)
  }

  var isSecure: Bool { publicOrigin?.hasPrefix("https://") ?? false }

  /// `authority` is the Host header: a name of this machine or the public one, any port.
  func accepts(authority: String?) -> Bool {
    guard let authority else { return false }
    let host = Self.withoutPort(authority.lowercased())
    return Self.isLoopback(host) || host == publicHost
  }

  /// Whether a request that changes something may come from where the browser says it does. Both
  /// headers are absent in requests of programs, which carry no ambient cookie.
  func accepts(origin: String?, fetchSite: String?, authority: String?) -> Bool {
    if let fetchSite, fetchSite != "same-origin" { return false }
    guard let origin = origin?.lowercased() else { return true }
    if origin == publicOrigin { return true }
    guard let authority = authority?.lowercased(), Self.isLoopback(Self.withoutPort(authority))
    else { return false }
    return origin == "http://" + authority
  }

  static func isLoopback(_ host: String) -> Bool {
    ["localhost", "127.0.0.1", "[::1]", "::1"].contains(host)
  }

  private static func withoutPort(_ authority: String) -> String {
    if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
      return String(authority[...end])
    }
    return String(authority.prefix { $0 != ":" })
  }
}
