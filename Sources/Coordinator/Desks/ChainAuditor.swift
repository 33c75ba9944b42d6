package import Bridge

/// Compares every wallet's books with the chain.
package protocol ChainAuditor: Sendable {
  func audit() async throws -> API.AuditReport
}
