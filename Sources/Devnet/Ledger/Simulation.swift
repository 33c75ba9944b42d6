package import StellarXDR

/// What a simulated transaction would need and give.
package struct Simulation: Sendable {
  package enum Outcome: Sendable {
    /// `HostError: …` with an event log, or why the transaction cannot be simulated.
    case failure(String)
    case success(Success)
  }

  package struct Success: Sendable {
    package var data: SorobanTransactionData
    package var auth: [SorobanAuthorizationEntry]
    package var value: SCVal
    var changes: [Change]
  }

  /// An entry before and after, for `stateChanges`.
  struct Change: Sendable {
    let key: LedgerKey
    let before: LedgerEntry?
    let after: LedgerEntry?
  }

  package var outcome: Outcome
  package var events: [DiagnosticEvent]
}

/// How a simulation treats authorisation.
package enum SimulatedAuthorization: Sendable {
  /// The entries of the envelope must do.
  case enforce
  /// What is needed is noted down; `wantsUpgraded` asks for credentials of version 2.
  case record(allowsNonRoot: Bool, wantsUpgraded: Bool)
}
