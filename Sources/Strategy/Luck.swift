import Bytes
import KaleRules
import Sodium

/// How long transactions are on their way: drawn from the seed for each by what it is for, so that both
/// policies have the same luck.
struct Luck {
  let settings: StrategySettings
  /// Later is as good as never: a work may be included for six ledgers.
  private static let latestMax: UInt32 = 12

  /// Ledgers after the next one.
  func delay(_ what: String, farmer: Int64, block: BlockIndex, attempt: Int) -> UInt32 {
    let name = "strategy \(settings.seed) \(what) \(farmer) \(block) \(attempt)"
    let bytes = sha256(Array(name.utf8)).bytes
    let draw = bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) } % 1_600_000_000
    // Both with room to divide by four.
    var late = settings.latePerHundredThousand * 16_000
    var ledgers: UInt32 = 0
    while draw < late, ledgers < Self.latestMax {
      ledgers += 1
      late /= 4
    }
    return ledgers
  }
}
