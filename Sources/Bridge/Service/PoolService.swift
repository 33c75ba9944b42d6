/// What the bridge asks of the coordinator on behalf of farmers.
///
/// The bridge has checked who asks (a session), the form and the plain ranges of every argument.
/// Methods throw ``BridgeError`` where the farmer can act on it; anything else thrown becomes a 500
/// whose cause is logged and not shown. They must not block, and may be called in parallel.
package protocol PoolService: Sendable {
  func poolInfo() async throws -> API.PoolInfo

  /// Makes farmer and wallet. ``BridgeError/Code/conflict`` on `handle` where it is taken,
  /// `invalid` on `payoutAddress` where it is no address or one of our own wallets, `unavailable`
  /// where no wallet can be made.
  func register(_ registration: API.Registration) async throws -> API.Registered

  /// Nil for an unknown handle.
  func credentials(handle: String) async throws -> API.Credentials?

  /// Nil for an unknown farmer.
  func credentials(farmer: API.FarmerID) async throws -> API.Credentials?

  func changePassword(farmer: API.FarmerID, passwordHash: String) async throws

  /// Best first.
  func poolers() async throws -> [API.Pooler]

  /// Into the pool, or into the waiting list of a pooler that is full; whoever has left comes back.
  /// `notFound` for the pooler; `conflict` where the farmer is in a pool already, the offered share
  /// has changed, or the pooler accepts nobody; `unavailable` where no split contract is known.
  func join(farmer: API.FarmerID, _ request: API.JoinRequest) async throws -> API.Membership

  /// Leaves a waiting list. `conflict` where the farmer waits for nobody.
  func leaveQueue(farmer: API.FarmerID) async throws

  func changeSettings(farmer: API.FarmerID, _ change: API.SettingsChange) async throws
    -> API.Settings

  func dashboard(farmer: API.FarmerID) async throws -> API.Dashboard

  /// Newest first, below `before` (all when nil), at most `limit` (1...200) rows.
  func blocks(farmer: API.FarmerID, before: UInt32?, limit: Int) async throws -> API.BlockPage

  /// Newest first, below `before` (all when nil), at most `limit` (1...200) rows.
  func rewards(farmer: API.FarmerID, before: UInt32?, limit: Int) async throws -> API.Rewards

  /// Oldest first, above `after` (all when nil), at most `limit` (1...1000) rows.
  func statement(farmer: API.FarmerID, after: Int64?, limit: Int) async throws
    -> API.StatementPage

  /// `conflict` where the farmer is in no pool.
  func exitPreview(farmer: API.FarmerID) async throws -> API.ExitPreview

  /// Asking twice is asking once. `conflict` where the farmer is in no pool.
  func leave(farmer: API.FarmerID, _ request: API.LeaveRequest) async throws -> API.Leaving

  /// `conflict` once settlement has begun, or where nobody is leaving.
  func callOffLeaving(farmer: API.FarmerID) async throws

  /// What happens to this farmer from now on, until the consumer ends it. The stream must be
  /// bounded (`.bufferingNewest`): a slow browser must not fill our memory.
  func events(farmer: API.FarmerID) async throws -> AsyncStream<API.Event>
}
