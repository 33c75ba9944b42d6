/// What can go wrong. A fault struck when something was different for it: counted there and then.
package enum Fault: String, CaseIterable, Sendable, Hashable {
  // The chain and its nodes.
  case transactionLost, transactionLate, transactionFailed, ledgerFull
  case sendTryAgain, sendAnswerLost, sendNeverArrived, sentTwice, badSequence
  case lookUpFailed, readFailed, simulationFailed
  case nodeLags, nodesDisagree, falseBlockIndex, ledgerSlow, feeSpike, farmPaused
  case nobodyOpens, blockOpenedLate, strangerHarvests, outsideFootprint
  // The coordinator and its database.
  case crashIdle, crashBeforeIntent, crashBeforeSend, crashAfterSend, crashBeforeOutcome
  case crashAfterOutcome, longDowntime, commitLost, commitKept, databaseSlow
  // Agents and their network.
  case agentCrash, agentWedged, agentSlow, agentRevoked, agentsAllGone
  case sessionLost, sessionHalfOpen, sessionDoubled
  case nonceInvalid, nonceStale, nonceRepeated, nonceForeign
  case requestRepeated, requestStale, capacityLied
  // People.
  case payoutCannotReceive, poolerCannotReceive, payoutChangedMeanwhile, exitAskedTwice
  case depositWhileLeaving, dustDeposit, walletShortOfXLM, settingsChangedMeanwhile
}

/// Which faults may strike, and how hard.
package struct FaultPlan: Sendable {
  package var enabled: Set<Fault>
  /// Multiplies every probability.
  package var intensity = 1.0

  package static let none = FaultPlan(enabled: [])
  package static let all = FaultPlan(enabled: Set(Fault.allCases))

  package init(enabled: Set<Fault>) { self.enabled = enabled }

  /// `all`, `none`, or names between commas; nil: a name that is no fault's.
  package init?(_ text: String) {
    switch text {
    case "all": self = .all
    case "none": self = .none
    default:
      var enabled: Set<Fault> = []
      for name in text.split(separator: ",") {
        guard let fault = Fault(rawValue: String(name)) else { return nil }
        enabled.insert(fault)
      }
      self.init(enabled: enabled)
    }
  }
}
