/// Which nodes are asked, and how.
package struct RPCSettings: Sendable {
  /// Addresses of nodes of one network, the preferred one first.
  package var endpoints: [String]
  package var requestTimeout: Duration = .seconds(15)
  /// Requests under way at a time; further ones wait in order. Public nodes limit rates.
  package var concurrentRequestsMax = 64
  /// The longest answer: 200 entries of the greatest size stay below it.
  package var responseBytesMax = 32 * 1024 * 1024

  package init(endpoints: [String]) {
    precondition(!endpoints.isEmpty, "an RPC client needs an endpoint")
    self.endpoints = endpoints
  }
}
