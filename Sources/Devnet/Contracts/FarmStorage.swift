import Bytes
import KaleRules
import StellarXDR

/// The farm's storage as contract values. Source: kale.md §2.
enum FarmStorage {
  static func blockKey(_ index: BlockIndex, of farm: Bytes32) -> LedgerKey {
    .temporary(farm, .key("Block", .u32(index.rawValue)))
  }

  static func pailKey(_ farmer: FarmAddress, _ index: BlockIndex, of farm: Bytes32) -> LedgerKey {
    .temporary(farm, .key("Pail", .address(SCAddress(farmer)), .u32(index.rawValue)))
  }

  static func value(_ block: FarmBlock) -> SCVal {
    map([
      ("entropy", .bytes(block.entropy.bytes)),
      ("max_gap", .u32(block.maxGap)), ("max_stake", .i128(block.maxStake)),
      ("max_zeros", .u32(block.maxZeros)), ("min_gap", .u32(block.minGap)),
      ("min_stake", .i128(block.minStake)), ("min_zeros", .u32(block.minZeros)),
      ("normalized_total", .i128(block.normalizedTotal)),
      ("staked_total", .i128(block.stakedTotal)), ("timestamp", .u64(block.timestamp)),
    ])
  }

  static func block(_ value: SCVal) -> FarmBlock? {
    guard let entropy = value[field: "entropy"]?.asBytes32,
      let maxGap = value[field: "max_gap"]?.asU32,
      let maxStake = value[field: "max_stake"]?.asI128,
      let maxZeros = value[field: "max_zeros"]?.asU32,
      let minGap = value[field: "min_gap"]?.asU32,
      let minStake = value[field: "min_stake"]?.asI128,
      let minZeros = value[field: "min_zeros"]?.asU32,
      let normalizedTotal = value[field: "normalized_total"]?.asI128,
      let stakedTotal = value[field: "staked_total"]?.asI128,
      let timestamp = value[field: "timestamp"]?.asU64
    else { return nil }
    return FarmBlock(
      timestamp: timestamp, minGap: minGap, maxGap: maxGap, minStake: minStake,
      maxStake: maxStake, minZeros: minZeros, maxZeros: maxZeros, entropy: entropy,
      stakedTotal: stakedTotal, normalizedTotal: normalizedTotal)
  }

  static func value(_ pail: Pail) -> SCVal {
    map([
      ("gap", pail.gap.map { .u32($0) } ?? .void), ("sequence", .u32(pail.sequence.rawValue)),
      ("stake", .i128(pail.stake)), ("zeros", pail.zeros.map { .u32($0) } ?? .void),
    ])
  }

  static func pail(_ value: SCVal) -> Pail? {
    guard let sequence = value[field: "sequence"]?.asU32,
      let stake = value[field: "stake"]?.asI128
    else { return nil }
    return Pail(
      sequence: LedgerSequence(sequence), gap: value[field: "gap"]?.asU32, stake: stake,
      zeros: value[field: "zeros"]?.asU32)
  }

  static func instance(_ instance: SCContractInstance) -> FarmInstance? {
    guard let homesteader = instance[key: .key("Homesteader")]?.asAddress.flatMap(FarmAddress.init),
      case .contract(let asset)? = instance[key: .key("HomesteadAsset")]?.asAddress,
      let farmBlock = instance[key: .key("FarmBlock")].flatMap(block)
    else { return nil }
    return FarmInstance(
      homesteader: homesteader, asset: asset,
      storedIndex: instance[key: .key("FarmIndex")]?.asU32.map { BlockIndex($0) },
      farmBlock: farmBlock, storedPaused: instance[key: .key("FarmPaused")]?.asBool)
  }

  /// `farm` stored in `instance`, whose other keys stay.
  static func storing(_ farm: FarmInstance, in instance: SCContractInstance) -> SCContractInstance {
    var instance = instance
    instance.store(value(farm.farmBlock), at: .key("FarmBlock"))
    instance.store(.address(.contract(farm.asset)), at: .key("HomesteadAsset"))
    instance.store(.address(SCAddress(farm.homesteader)), at: .key("Homesteader"))
    if let index = farm.storedIndex { instance.store(.u32(index.rawValue), at: .key("FarmIndex")) }
    if let paused = farm.storedPaused { instance.store(.bool(paused), at: .key("FarmPaused")) }
    return instance
  }

  /// A struct whose fields are given in ascending order.
  static func map(_ fields: [(String, SCVal)]) -> SCVal {
    .map(fields.map { SCMapEntry(key: .symbol($0.0), value: $0.1) })
  }
}

extension SCContractInstance {
  /// Writes one key of the instance's storage, which stays in the host's order.
  mutating func store(_ value: SCVal, at key: SCVal) {
    var entries = storage ?? []
    if let at = entries.firstIndex(where: { $0.key == key }) {
      entries[at].value = value
    } else {
      let at = entries.firstIndex { key < $0.key } ?? entries.count
      entries.insert(SCMapEntry(key: key, value: value), at: at)
    }
    storage = entries
  }
}

extension SCAddress {
  init(_ farmer: FarmAddress) {
    switch farmer {
    case .account(let key): self = .account(key)
    case .contract(let id): self = .contract(id)
    }
  }
}

extension FarmAddress {
  /// Nil for what cannot farm.
  init?(_ address: SCAddress) {
    switch address {
    case .account(let key): self = .account(key)
    case .contract(let id): self = .contract(id)
    default: return nil
    }
  }
}
