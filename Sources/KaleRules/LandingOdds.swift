/// How likely a transaction lands how many ledgers after the one it was sent after.
///
/// Whole millionths, so that every machine decides alike.
package struct LandingOdds: Sendable, Hashable {
  /// Chances of landing 1, 2, … ledgers later; what they lack to ``certain`` never lands.
  package let chances: [Int64]

  package static let certain: Int64 = 1_000_000
  /// A work lives for six ledgers (30 s), a few more for a slow clock; later ones count as never.
  package static let ledgersMax = 16

  /// What is assumed before anything is measured: 7 % later than the next ledger, and a thin tail.
  package static let prior = LandingOdds(chances: [
    930_000, 50_000, 12_000, 5_000, 2_000, 700, 300,
  ])

  init(chances: [Int64]) { self.chances = chances }

  /// Measured chances for 1, 2, … ledgers, with a tenth of the prior mixed in: that something has
  /// not happened yet does not make it impossible. Nothing measured is the prior alone.
  package init(measured: [Double]) {
    let measured = measured.prefix(Self.ledgersMax).map { min(1, max(0, $0.isNaN ? 0 : $0)) }
    let sum = measured.reduce(0, +)
    guard sum > 0 else {
      self = .prior
      return
    }
    let scale = 900_000 / max(1, sum)
    let prior = Self.prior.chances
    self.init(
      chances: (0..<max(measured.count, prior.count)).map { index in
        let seen = index < measured.count ? Int64(measured[index] * scale) : 0
        return seen + (index < prior.count ? prior[index] / 10 : 0)
      })
  }

  /// The chance that it lands, and later than after `ledgers`.
  package func late(after ledgers: Int64) -> Int64 {
    chances.dropFirst(Int(clamping: max(0, ledgers))).reduce(0, +)
  }

  /// The chance that it lands within `ledgers`.
  package func landing(within ledgers: Int64) -> Int64 {
    chances.prefix(Int(clamping: max(0, ledgers))).reduce(0, +)
  }
}
