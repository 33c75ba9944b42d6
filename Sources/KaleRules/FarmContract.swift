package import Bytes

/// The KALE farm contract, exactly, with its mistakes.
///
/// Every call reads and checks first and writes last, so that on a host whose own operations are all
/// or nothing a failed call has changed nothing. Source: kale.md §3, checked against its vectors.
package struct FarmContract: Sendable {
  /// Seconds from a block's opening until a plant opens the next. The deployed contract has 300.
  package let blockSeconds: UInt64

  package init(blockSeconds: UInt64 = 300) { self.blockSeconds = blockSeconds }

  /// Burns a stake (0 is allowed) for a place in the open block, or opens the next one.
  package func plant<Host: FarmHost>(farmer: FarmAddress, amount: Int128, on host: inout Host)
    throws(FarmFailure)
  {
    try host.requireAuthorization(of: farmer)
    guard amount >= 0 else { throw .kale(.plantAmountTooLow) }
    var instance = try host.instance()
    guard !instance.isPaused else { throw .kale(.farmPaused) }

    var block = try blockToPlant(&instance, on: &host)
    let index = instance.index
    guard try host.pail(of: farmer, in: index) == nil else { throw .kale(.pailExists) }

    block.stakedTotal = try checked(block.stakedTotal.addingReportingOverflow(amount))
    if amount > 0 { try host.burn(amount, from: farmer, asset: instance.asset) }

    instance.farmBlock.note(stake: amount)
    try host.store(Pail(sequence: host.sequence, stake: amount), of: farmer, in: index)
    try host.store(block, at: index)
    try host.store(instance)
    try host.extendInstance()
  }

  /// Shows a hash for a planted farmer; anybody may. Returns the gap in ledgers.
  package func work<Host: FarmHost>(
    farmer: FarmAddress, hash: Bytes32, nonce: UInt64, on host: inout Host
  ) throws(FarmFailure) -> UInt32 {
    try work(farmer: farmer, hash: hash, on: &host) { index, block in
      hash
        == KaleHash.hash(
          block: index.rawValue, nonce: nonce, entropy: block.entropy, farmer: farmer.bytes)
    }
  }

  /// Takes a hash that was drawn instead of found, for farmers who only have to be there: the
  /// devnet's outside farmers and simulations.
  package func workUnchecked<Host: FarmHost>(
    farmer: FarmAddress, hash: Bytes32, on host: inout Host
  ) throws(FarmFailure) -> UInt32 {
    try work(farmer: farmer, hash: hash, on: &host) { _, _ in true }
  }

  private func work<Host: FarmHost>(
    farmer: FarmAddress, hash: Bytes32, on host: inout Host,
    isReal: (BlockIndex, FarmBlock) -> Bool
  ) throws(FarmFailure) -> UInt32 {
    var instance = try host.instance()
    let index = instance.index
    guard var block = try host.block(index) else { throw .kale(.blockMissing) }
    guard var pail = try host.pail(of: farmer, in: index) else { throw .kale(.pailMissing) }

    let gap = try checked(
      host.sequence.rawValue.subtractingReportingOverflow(pail.sequence.rawValue))
    guard gap > 0 else { throw .kale(.gapCountTooLow) }
    guard isReal(index, block) else { throw .kale(.hashInvalid) }
    let zeros = UInt32(KaleHash.zeros(hash))

    let gained = try KaleReward.normalized(gap: gap, stake: pail.stake, zeros: zeros, in: block)
    block.normalizedTotal = try checked(block.normalizedTotal.addingReportingOverflow(gained))
    if let before = pail.zeros {
      guard zeros > before else { throw .kale(.zeroCountTooLow) }
      // The contract's mistake: the old result goes out with the new gap, so that the gap part of
      // the first work stays in the total for ever.
      let lost = try KaleReward.normalized(gap: gap, stake: pail.stake, zeros: before, in: block)
      block.normalizedTotal = try checked(block.normalizedTotal.subtractingReportingOverflow(lost))
    } else {
      block.stakedTotal = try checked(block.stakedTotal.subtractingReportingOverflow(pail.stake))
    }

    instance.farmBlock.note(gap: gap, zeros: zeros, hash: hash)
    pail.gap = gap
    pail.zeros = zeros
    try host.store(pail, of: farmer, in: index)
    try host.store(block, at: index)
    try host.store(instance)
    try host.extendInstance()
    return gap
  }

  /// Mints stake and reward of a closed block to its farmer; anybody may call it. Returns the reward
  /// without the stake, in stroops.
  package func harvest<Host: FarmHost>(
    farmer: FarmAddress, index: BlockIndex, on host: inout Host
  ) throws(FarmFailure) -> Int128 {
    let instance = try host.instance()
    guard let block = try host.block(index) else { throw .kale(.blockMissing) }
    guard let pail = try host.pail(of: farmer, in: index) else { throw .kale(.pailMissing) }
    guard index < instance.index else { throw .kale(.harvestNotReady) }
    guard let gap = pail.gap, let zeros = pail.zeros else { throw .kale(.workMissing) }

    let reward = try KaleReward.reward(
      gap: gap, stake: pail.stake, zeros: zeros, in: block, index: index)
    let payout = try checked(reward.addingReportingOverflow(pail.stake))
    if payout > 0 { try host.mint(payout, to: farmer, asset: instance.asset) }

    try host.store(nil as Pail?, of: farmer, in: index)
    try host.extendInstance()
    return reward
  }

  /// Where a plant goes: the open block, or a new one, whose index `instance` then has.
  private func blockToPlant<Host: FarmHost>(_ instance: inout FarmInstance, on host: inout Host)
    throws(FarmFailure) -> FarmBlock
  {
    let due = try checked(instance.farmBlock.timestamp.addingReportingOverflow(blockSeconds))
    if host.time >= due {
      let block = instance.farmBlock.opened(at: host.time)
      instance.farmBlock = .fresh(at: host.time)
      instance.storedIndex = try next(instance.index)
      return block
    }
    if let block = try host.block(instance.index) { return block }
    // The first block of all, or one that expired or was removed. The accumulator stays as it is,
    // its clock included.
    if instance.index > 0 { instance.storedIndex = try next(instance.index) }
    return instance.farmBlock.opened(at: host.time)
  }

  private func next(_ index: BlockIndex) throws(FarmFailure) -> BlockIndex {
    BlockIndex(try checked(index.rawValue.addingReportingOverflow(1)))
  }
}

/// The result of checked arithmetic, or the contract's trap.
func checked<Value>(_ result: (partialValue: Value, overflow: Bool)) throws(FarmFailure) -> Value {
  if result.overflow { throw .trap }
  return result.partialValue
}
