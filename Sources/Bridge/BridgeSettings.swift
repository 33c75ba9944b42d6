package import Bytes

/// How the bridge listens and whom it believes.
package struct BridgeSettings: Sendable {
  /// The address to listen on; any but a loopback address needs ``publicOrigin``.
  package var host: String
  /// 0 takes any free port; see ``BridgeServer/boundPort()``.
  package var port: Int
  /// `https://pool.example` where a reverse proxy ends TLS before us; nil on a person's own machine.
  ///
  /// With it, cookies are `Secure`, its host is accepted, and the last entry of `X-Forwarded-For`
  /// (our own proxy's) is the client's address.
  package var publicOrigin: String?
  /// SHA-256 of the operator's token's UTF-8; nil closes the operator's routes.
  package var operatorTokenHash: Bytes32?
  /// How long a log-in lasts, whole seconds.
  package var sessionLifetime: Duration
  /// How often an idle event stream says that it lives, and looks whether its session does.
  package var heartbeat: Duration
  /// How long requests in flight may take when the server is asked to stop.
  package var shutdownGrace: Duration
  package var rates: RateLimits
  /// Serves the page from this folder instead of the files compiled in, while designing.
  package var webFolder: String?

  package init(
    host: String = "127.0.0.1", port: Int = 8080, publicOrigin: String? = nil,
    operatorTokenHash: Bytes32? = nil, sessionLifetime: Duration = .seconds(7 * 86_400),
    heartbeat: Duration = .seconds(15), shutdownGrace: Duration = .seconds(5),
    rates: RateLimits = RateLimits(), webFolder: String? = nil
  ) {
    self.host = host
    self.port = port
    self.publicOrigin = publicOrigin
    self.operatorTokenHash = operatorTokenHash
    self.sessionLifetime = sessionLifetime
    self.heartbeat = heartbeat
    self.shutdownGrace = shutdownGrace
    self.rates = rates
    self.webFolder = webFolder
  }
}
