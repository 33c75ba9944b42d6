/// Which nodes are asked, and how.
package struct RPCSettings: Sendable {
  /// Addresses of nodes of one network, the most trusted first.
  package var endpoints: [String]
  package var requestTimeout: Duration = .seconds(15)
  /// How long a node may take while another is at hand: less than a ledger, so that a node that
  /// hangs costs no ledger.
  package var failoverTimeout: Duration = .seconds(2)
  /// How long a call goes on trying where no node answers, or waits for one that wants no request
  /// for now (429, 503).
  package var patience: Duration = .seconds(2)
  /// What a node takes: requests a second, twice as many at once. Nil: as many as there are.
  package var requestsPerSecondMax: Double?
  /// Requests under way at a time; further ones wait in order. No more than the HTTP client has
  /// connections to one host: what waits within libcurl runs into its own time limit.
  package var concurrentRequestsMax = 32
  /// Calls in one JSON-RPC batch: their answers stay well below `responseBytesMax`.
  package var batchCallsMax = 50
  /// The longest answer: 200 entries of the greatest size stay below it.
  package var responseBytesMax = 32 * 1024 * 1024

  package init(endpoints: [String]) {
    precondition(!endpoints.isEmpty, "an RPC client needs an endpoint")
    self.endpoints = endpoints
  }

  /// A node by what may be shown of its address.
  func name(of index: Int) -> String { NodeAddress.host(of: endpoints[index]) }
}
