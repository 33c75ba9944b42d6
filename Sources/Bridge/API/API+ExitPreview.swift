extension API {
  /// What leaving would pay if it settled with the figures of now (design: split rule).
  package struct ExitPreview: Hashable, Sendable, Codable {
    /// B: KALE in the wallet at settlement, unharvested stakes included.
    package var amount: Amount
    /// R: harvested since joining.
    package var rewards: Amount
    /// s.
    package var shareBps: Int
    /// floor(R·s/10000).
    package var poolerGross: Amount
    /// L: stake lost through the pooler.
    package var loss: Amount
    /// What the pooler is paid.
    package var poolerShare: Amount
    /// What the payout address gets: B less the pooler's.
    package var farmerShare: Amount
    /// What L exceeds the pooler's gross by; the pooler owes it.
    package var debt: Amount
    /// XLM for the settlement, about; paid from the wallet.
    package var fee: Amount
    /// XLM that goes to the payout address, about.
    package var xlmReturned: Amount
    /// Harvested before settlement; their rewards are not in these figures.
    package var unharvestedBlocks: Int
    /// The address in force.
    package var payoutAddress: String
    /// It exists and can receive KALE.
    package var payoutReady: Bool
    /// What is to be done first where it cannot; leaving then waits and nothing expires.
    package var payoutNote: String?
    /// What will happen, in order, in plain words.
    package var steps: [String]

    package init(
      amount: Amount, rewards: Amount, shareBps: Int, poolerGross: Amount, loss: Amount,
      poolerShare: Amount, farmerShare: Amount, debt: Amount, fee: Amount, xlmReturned: Amount,
      unharvestedBlocks: Int, payoutAddress: String, payoutReady: Bool, payoutNote: String? = nil,
      steps: [String]
    ) {
      self.amount = amount
      self.rewards = rewards
      self.shareBps = shareBps
      self.poolerGross = poolerGross
      self.loss = loss
      self.poolerShare = poolerShare
      self.farmerShare = farmerShare
      self.debt = debt
      self.fee = fee
      self.xlmReturned = xlmReturned
      self.unharvestedBlocks = unharvestedBlocks
      self.payoutAddress = payoutAddress
      self.payoutReady = payoutReady
      self.payoutNote = payoutNote
      self.steps = steps
    }
  }
}
