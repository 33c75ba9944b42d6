/// Something that happened and will always have happened: one row, inserted once, never changed.
///
/// An event is a flat value whose stored properties are the columns of its table (`camelCase` here,
/// `snake_case` there). Its position in the journal and the time it was recorded are the store's.
package protocol PoolEvent: Codable, Sendable, Hashable {
  /// The table that holds events of this kind and nothing else.
  static var table: String { get }
}

package typealias FarmerID = Int64
package typealias PoolerID = Int64
package typealias ExitID = Int64

/// All kinds of events, in the order in which their tables are made.
package let poolEventTypes: [any PoolEvent.Type] = [
  CoordinatorStarted.self, WalletMade.self, FarmerRegistered.self, PasswordChanged.self,
  PoolerRegistered.self, EnrolmentIssued.self, AgentEnrolled.self, AgentApproved.self,
  AgentRevoked.self,
  AgentKeyOffered.self, AgentKeyReplaced.self,
  PoolerSuspended.self, PoolerReinstated.self, BondPaid.self, BondReleaseAllowed.self,
  BondReleased.self,
  SessionOpened.self, SessionClosed.self, CapacityReported.self,
  SettingsChanged.self, PayoutChanged.self, WalletFunded.self, WalletReady.self,
  QueueJoined.self, QueueLeft.self, FarmerRejoined.self, AgreementMade.self,
  AgreementConfirmed.self, PayoutConfirmed.self, DepositSeen.self,
  BlockOpened.self, PlantRequested.self, PlantingResolved.self, AssignmentMade.self,
  AssignmentDelivered.self, NonceAccepted.self, WorkFinished.self, WorkResolved.self,
  StakeLost.self, Compensated.self, Harvested.self, BlockAnalysed.self,
  ExitRequested.self, ExitCalledOff.self, SplitPaid.self, ExitUnsplit.self, Swept.self,
  WalletClosed.self,
  TransactionIntended.self, TransactionResolved.self, Notice.self,
]
