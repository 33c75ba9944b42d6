/// How a leaving farmer's wallet is divided between pooler and farmer. All amounts in stroops.
///
/// Source: design.md §7. The rule, with R rewards harvested since joining, L stake lost through the
/// pooler, B the KALE in the wallet and s the pooler's share in basis points:
///
///     gross = floor(R · s / 10000)     due = max(0, gross − L)     net = min(due, B)
///     the farmer gets B − net          debt = max(0, L − gross)    shortfall = due − net
///
/// Invariants: `poolerNet + farmerNet` = B, nothing is negative, equal input gives equal output.
/// Rounding goes to the farmer.
package struct Split: Hashable, Sendable {
  /// The pooler's share of the rewards before losses.
  package var gross: Int128
  /// The pooler's share less the losses it bears.
  package var due: Int128
  /// What the pooler is paid: less than `due` only if the wallet holds less.
  package var poolerNet: Int128
  /// What the farmer is paid: the whole rest.
  package var farmerNet: Int128
  /// What the losses exceed the pooler's share by; the pooler still owes it.
  package var debt: Int128
  /// What the wallet lacks for `due`; recorded, not pursued.
  package var shortfall: Int128

  package init(
    gross: Int128, due: Int128, poolerNet: Int128, farmerNet: Int128, debt: Int128,
    shortfall: Int128
  ) {
    self.gross = gross
    self.due = due
    self.poolerNet = poolerNet
    self.farmerNet = farmerNet
    self.debt = debt
    self.shortfall = shortfall
  }
}

/// A share of 100 %, in basis points.
package let shareBpsMax: UInt32 = 10_000

/// Divides `amount` (B) after `rewards` (R) and `loss` (L) at the share `shareBps` (s).
package func split(amount: Int128, rewards: Int128, loss: Int128, shareBps: UInt32)
  throws(SplitError) -> Split
{
  guard amount >= 0 else { throw .negativeAmount }
  guard rewards >= 0 else { throw .negativeRewards }
  guard loss >= 0 else { throw .negativeLoss }
  guard shareBps <= shareBpsMax else { throw .shareTooLarge }
  // In two parts, so that the product fits for every reward there can be.
  let (whole, share) = (Int128(shareBpsMax), Int128(shareBps))
  let gross = rewards / whole * share + rewards % whole * share / whole
  let due = gross > loss ? gross - loss : 0
  let net = due < amount ? due : amount
  return Split(
    gross: gross, due: due, poolerNet: net, farmerNet: amount - net,
    debt: loss > gross ? loss - gross : 0, shortfall: due - net)
}

extension Split {
  /// The three transfers of a settlement of which `held` goes to the pooler's bond wallet.
  package func payments(held: Int128) throws(SplitError) -> Payments {
    guard held >= 0, held <= poolerNet else { throw .heldOutOfRange }
    return Payments(toPooler: poolerNet - held, toBond: held, toFarmer: farmerNet)
  }

  /// What a settlement transfers, in this order; a transfer of 0 is left out.
  package struct Payments: Hashable, Sendable {
    package var toPooler: Int128
    package var toBond: Int128
    package var toFarmer: Int128

    package init(toPooler: Int128, toBond: Int128, toFarmer: Int128) {
      self.toPooler = toPooler
      self.toBond = toBond
      self.toFarmer = toFarmer
    }
  }
}
