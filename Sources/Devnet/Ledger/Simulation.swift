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
    /// Nil where nothing was called.
    package var value: SCVal?
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

  static func refused(_ why: String) -> Simulation {
    Simulation(outcome: .failure(why), events: [])
  }
}

/// How a simulation treats authorisation; nil enforces what the envelope has, or records where it has
/// none.
package enum SimulatedAuthorization: String, Sendable {
  /// The entries of the envelope must do.
  case enforce
  /// What is needed is noted down.
  case record
  /// The same, also where a call further down demands it alone.
  case recordAllowNonroot = "record_allow_nonroot"
}
