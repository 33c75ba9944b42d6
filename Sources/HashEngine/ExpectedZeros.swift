import Glibc

/// What theory says about the zeros that so many hashes find. Source: any nonce has at least k leading
/// hex zeros with probability 1 in 16^k.
package enum ExpectedZeros {
  /// The mean of many farmers when the one with the fewest zeros always comes first, with `hashes` each:
  /// `K + h/(15·16^K)`, K = floor(log16 h). From 100 farmers on exact to 0.01; up to 0.08 too high
  /// for ten.
  package static func lowestFirst(hashesEach hashes: Double) -> Double {
    guard hashes >= 1 else { return 0 }
    let whole = (log(hashes) / log(16)).rounded(.down)
    return whole + hashes / (15 * pow(16, whole))
  }

  /// The mean of one farmer alone: the sum over k of `1 − exp(−h/16^k)`.
  package static func alone(hashes: Double) -> Double {
    (1...64).reduce(0) { $0 + 1 - exp(-hashes / pow(16, Double($1))) }
  }
}
