package import KaleRules
package import StellarXDR

/// What the desks tell people and offer them first.
package struct DeskSettings: Sendable {
  /// The pool's name, for people.
  package var poolName = "KALE pool"
  package var network: KaleNetwork
  /// The operator's: nobody may register while false.
  package var isOpen = true
  /// 20 % of the liquid balance (requirement 160).
  package var stakeBpsDefault: BasisPoints = 2_000
  /// Farm blocks (requirement 101); less where the network's entries live shorter.
  package var harvestAfterBlocksDefault = 5
  /// How to get test funds; nil where there are none.
  package var fundingHint: String?

  package init(network: KaleNetwork) { self.network = network }
}
