/// floor(x · y / z) with a 256-bit product, rounding towards −∞.
///
/// Nil if `z` is 0 or the result does not fit: there the contract traps.
package func mulFloor(_ x: Int128, _ y: Int128, _ z: Int128) -> Int128? {
  guard z != 0 else { return nil }
  let product = x.magnitude.multipliedFullWidth(by: y.magnitude)
  let divisor = z.magnitude
  guard product.high < divisor else { return nil }
  let (quotient, remainder) = divisor.dividingFullWidth(product)
  let isNegative = ((x < 0) != (y < 0)) != (z < 0)
  guard isNegative else { return Int128(exactly: quotient) }
  // −quotient, and one less where something was cut off.
  let (magnitude, overflow) = quotient.addingReportingOverflow(remainder == 0 ? 0 : 1)
  guard !overflow, magnitude <= Int128.min.magnitude else { return nil }
  return magnitude == Int128.min.magnitude ? .min : -Int128(magnitude)
}
