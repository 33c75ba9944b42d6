/// What the bridge asks of the coordinator on behalf of the operator. Errors as in ``PoolService``.
package protocol OperatorService: Sendable {
  func agents() async throws -> [API.AgentHealth]

  /// Lets an agent work that enrolled with a token that wants it. `notFound` as below, `conflict` where
  /// it was revoked; once more changes nothing.
  func approveAgent(_ agent: String) async throws

  /// Ends the agent's session and takes its key no more. `notFound` where nobody enrolled with
  /// `agent`, a public key's text; once more changes nothing.
  func revokeAgent(_ agent: String) async throws

  /// Newest first, below `before` (all when nil), at most `limit` (1...200) rows.
  func blockAnalytics(before: UInt32?, limit: Int) async throws -> API.AnalyticsPage

  func money() async throws -> API.MoneySummary

  /// Compares now; may take long.
  func audit() async throws -> API.AuditReport

  /// `conflict` on `name` where it is taken, `invalid` on `walletAddress` where it is no address.
  func createPooler(_ pooler: API.NewPooler) async throws -> API.Pooler

  /// Every pooler with what bounds it and what it owes.
  func poolerStandings() async throws -> [API.PoolerStanding]

  /// Lets a suspended pooler plant again. `notFound`; `conflict` where it is not suspended.
  func reinstate(pooler: API.PoolerID) async throws

  /// Lets so much of a bond go back once nothing is owed. `notFound` for the pooler.
  func releaseBond(pooler: API.PoolerID, stroops: Int64) async throws

  /// The plan of `block` (the next one when nil). `notFound` for any but the open and the next.
  func plan(block: UInt32?) async throws -> API.Plan

  /// `notFound` for the pooler. The token is shown once and stored as a hash only.
  /// - Parameter needsApproval: whether the agent waits for ``approveAgent(_:)``.
  func issueEnrolmentToken(
    pooler: API.PoolerID, needsApproval: Bool
  ) async throws -> API.EnrolmentToken
}
