import Bytes
import StellarXDR

/// Instructions that calls take, as measured on mainnet, rounded: a nested call adds its own.
/// Source: stellar.md §4 and §7 (plants and works are declared at 4.3 to 5 million).
enum ContractPrices {
  static func instructions(of function: String, of contract: Bytes32, on network: KaleNetwork)
    -> Int64
  {
    if contract == network.farmContract {
      switch function {
      case "plant": return 3_900_000
      case "work": return 4_300_000
      case "harvest": return 3_700_000
      default: return 2_000_000
      }
    }
    if contract == network.splitContract { return function == "settle" ? 2_500_000 : 1_500_000 }
    // Asset contracts are built into the host.
    return 250_000
  }
}
