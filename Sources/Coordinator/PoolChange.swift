package import KaleRules
package import Pool

/// Something that those who watch the pool want to hear of.
package enum PoolChange: Sendable, Hashable {
  /// A ledger closed.
  case ledger(LedgerSequence)
  /// A farmer's block, money or settings changed.
  case farmer(FarmerID)
  /// Assignments of an agent's pooler changed.
  case assignments
  /// Words for a person.
  case notice(Notice)

  /// What an event means to those who watch; nil: nothing.
  init?(_ event: any PoolEvent) {
    switch event {
    case let event as Notice: self = .notice(event)
    case is AssignmentMade: self = .assignments
    case let event as TransactionIntended:
      guard let farmer = event.farmer else { return nil }
      self = .farmer(farmer)
    case let event as PlantingResolved: self = .farmer(event.farmer)
    case let event as NonceAccepted: self = .farmer(event.farmer)
    case let event as WorkResolved: self = .farmer(event.farmer)
    case let event as Harvested: self = .farmer(event.farmer)
    case let event as StakeLost: self = .farmer(event.farmer)
    case let event as SettingsChanged: self = .farmer(event.farmer)
    case let event as AgreementConfirmed: self = .farmer(event.farmer)
    case let event as ExitRequested: self = .farmer(event.farmer)
    case let event as SplitPaid: self = .farmer(event.farmer)
    case let event as ExitUnsplit: self = .farmer(event.farmer)
    case let event as WalletClosed: self = .farmer(event.farmer)
    default: return nil
    }
  }
}
