import Bytes
import KaleRules

/// Farmers who are nobody's: they open blocks when due, plant, and work before the block can close.
struct Outsiders: Sendable {
  let keys: [Bytes32]
  var plannedFor: BlockIndex?
  var plantAt: [UInt32] = []
  var workAt: [UInt32] = []
  var openAt: UInt32?

  init(count: Int, _ dice: inout Dice) { keys = (0..<count).map { _ in dice.key() } }
}

extension Simulation {
  /// What they do in the ledger being made.
  func outsidersAct() {
    guard !chain.farm.isPaused else { return }
    let ledger = chain.sequence.rawValue
    if chain.closeTime >= chain.openedAt + 300 {
      if outsiders.openAt == nil {
        let delay = strikes(.blockOpenedLate, 0.05) ? dice.int(3...24) : dice.int(0...1)
        outsiders.openAt = ledger + UInt32(delay)
      }
      guard let at = outsiders.openAt, ledger >= at, !lasts(.nobodyOpens) else { return }
      plan(chain.farmIndex.next)
    } else if outsiders.plannedFor != chain.farmIndex {
      plan(chain.farmIndex)
    }
    var host = chain
    for (number, key) in outsiders.keys.enumerated() {
      if outsiders.plantAt[number] == ledger {
        let stake = Int128(dice.int(0...500_000_000))
        try? chain.contract.plant(farmer: .account(key), amount: stake, on: &host)
      }
      if outsiders.workAt[number] == ledger {
        _ = try? chain.contract.workUnchecked(farmer: .account(key), hash: drawHash(), on: &host)
      }
    }
  }

  private func plan(_ block: BlockIndex) {
    let ledger = chain.sequence.rawValue
    outsiders.openAt = nil
    outsiders.plannedFor = block
    outsiders.plantAt = outsiders.keys.indices.map { $0 == 0 ? ledger : ledger + UInt32($0 % 3) }
    outsiders.workAt = outsiders.keys.map { _ in ledger + UInt32(dice.int(48...58)) }
  }

  /// A hash with 0 to 3 leading zero digits.
  private func drawHash() -> Bytes32 {
    let word = dice.next() | 1 << 63
    return Dice.key(word >> UInt64(4 * dice.int(0...3)), dice.next(), dice.next(), dice.next())
  }
}
