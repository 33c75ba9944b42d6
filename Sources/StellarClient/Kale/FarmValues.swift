package import KaleRules
package import StellarXDR

/// The farm's storage, read from contract values. Source: kale.md §2. Unknown keys are ignored; nil
/// where a known one is missing or of another type.
extension FarmBlock {
  package init?(_ value: SCVal) {
    guard let timestamp = value[field: "timestamp"]?.asU64,
      let minGap = value[field: "min_gap"]?.asU32, let maxGap = value[field: "max_gap"]?.asU32,
      let minStake = value[field: "min_stake"]?.asI128,
      let maxStake = value[field: "max_stake"]?.asI128,
      let minZeros = value[field: "min_zeros"]?.asU32,
      let maxZeros = value[field: "max_zeros"]?.asU32,
      let entropy = value[field: "entropy"]?.asBytes32,
      let stakedTotal = value[field: "staked_total"]?.asI128,
      let normalizedTotal = value[field: "normalized_total"]?.asI128
    else { return nil }
    self.init(
      timestamp: timestamp, minGap: minGap, maxGap: maxGap, minStake: minStake,
      maxStake: maxStake, minZeros: minZeros, maxZeros: maxZeros, entropy: entropy,
      stakedTotal: stakedTotal, normalizedTotal: normalizedTotal)
  }
}

extension Pail {
  package init?(_ value: SCVal) {
    guard let sequence = value[field: "sequence"]?.asU32,
      let stake = value[field: "stake"]?.asI128
    else { return nil }
    self.init(
      sequence: LedgerSequence(sequence), gap: value[field: "gap"]?.asU32, stake: stake,
      zeros: value[field: "zeros"]?.asU32)
  }
}

extension FarmInstance {
  package init?(_ value: SCVal) {
    guard let instance = value.asInstance,
      let homesteader = instance[key: .key("Homesteader")]?.asAddress.flatMap(FarmAddress.init),
      case .contract(let asset)? = instance[key: .key("HomesteadAsset")]?.asAddress,
      let farmBlock = instance[key: .key("FarmBlock")].flatMap(FarmBlock.init)
    else { return nil }
    self.init(
      homesteader: homesteader, asset: asset,
      storedIndex: instance[key: .key("FarmIndex")]?.asU32.map { BlockIndex($0) },
      farmBlock: farmBlock, storedPaused: instance[key: .key("FarmPaused")]?.asBool)
  }
}

extension FarmAddress {
  /// Nil for what cannot farm.
  fileprivate init?(_ address: SCAddress) {
    switch address {
    case .account(let key): self = .account(key)
    case .contract(let id): self = .contract(id)
    default: return nil
    }
  }
}
