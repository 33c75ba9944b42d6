/// Addresses as they may be shown and logged.
package enum NodeAddress {
  /// `host:port` of `scheme://user@host:port/path?query`: what else is in it may be a key.
  package static func host(of address: String) -> String {
    let rest = address.firstRange(of: "://").map { address[$0.upperBound...] } ?? address[...]
    let authority = rest.prefix { !"/?#".contains($0) }
    return String(authority.split(separator: "@").last ?? "")
  }
}
