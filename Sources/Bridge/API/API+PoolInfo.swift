extension API {
  /// What anybody may know about this pool, for the first page.
  package struct PoolInfo: Hashable, Sendable, Codable {
    /// The pool's name, for people.
    package var name: String
    /// `public`, `testnet` or `devnet`.
    package var network: String
    /// False while no wallet can be made (no master key source) or the operator has closed it.
    package var registrationOpen: Bool
    /// Why registration is closed, in plain words.
    package var registrationNote: String?
    /// False where no split contract is known on this network.
    package var joiningOpen: Bool
    /// Why joining is closed, in plain words.
    package var joiningNote: String?
    /// The stake share offered first, basis points of the liquid balance.
    package var stakeBpsDefault: Int
    /// The harvest interval offered first, farm blocks.
    package var harvestAfterBlocksDefault: Int
    /// The greatest harvest interval on this network, farm blocks (240 on mainnet).
    package var harvestAfterBlocksMax: Int
    /// How long a farm block lasts, ledger seconds.
    package var blockSeconds: Int
    /// XLM that a new wallet needs before it can farm.
    package var minimumXLM: Amount
    /// How to get test funds, on a network that has them; nil on public.
    package var fundingHint: String?

    package init(
      name: String, network: String, registrationOpen: Bool, registrationNote: String? = nil,
      joiningOpen: Bool, joiningNote: String? = nil, stakeBpsDefault: Int,
      harvestAfterBlocksDefault: Int, harvestAfterBlocksMax: Int, blockSeconds: Int,
      minimumXLM: Amount, fundingHint: String? = nil
    ) {
      self.name = name
      self.network = network
      self.registrationOpen = registrationOpen
      self.registrationNote = registrationNote
      self.joiningOpen = joiningOpen
      self.joiningNote = joiningNote
      self.stakeBpsDefault = stakeBpsDefault
      self.harvestAfterBlocksDefault = harvestAfterBlocksDefault
      self.harvestAfterBlocksMax = harvestAfterBlocksMax
      self.blockSeconds = blockSeconds
      self.minimumXLM = minimumXLM
      self.fundingHint = fundingHint
    }
  }
}
