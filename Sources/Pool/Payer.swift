/// Who bears the loss of a stake.
package enum Payer: String, Codable, Sendable, Hashable, CaseIterable {
  case farmer, pooler, treasury
}
