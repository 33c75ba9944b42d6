/// Why the bridge cannot listen: one line that says what to do.
package enum BridgeStartError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Somebody else listens there.
  case portBusy(host: String, port: Int)
  /// A port below 1024 without the right to it.
  case portForbidden(host: String, port: Int)
  /// The host is no address of this machine.
  case cannotListen(host: String, port: Int, cause: String)
  /// Listening beyond loopback without a public origin would send cookies in the clear.
  case publicOriginMissing(host: String)
  /// Not `https://host[:port]` (or `http://` with a loopback host).
  case publicOriginMalformed(String)

  package var description: String {
    switch self {
    case .portBusy(let host, let port):
      "port \(port) on \(host) is in use: stop the program that holds it, or choose another port"
    case .portForbidden(let host, let port):
      "port \(port) on \(host) needs privileges: choose a port from 1024 on"
    case .cannotListen(let host, let port, let cause):
      "cannot listen on \(host) port \(port): \(cause); choose an address of this machine"
    case .publicOriginMissing(let host):
      "listening on \(host) needs the public origin of the TLS proxy before it:"
        + " set one like https://pool.example, or listen on 127.0.0.1"
    case .publicOriginMalformed(let text):
      "the public origin \"\(text)\" is not like https://pool.example: no path, no slash at the end"
    }
  }
}
