import Bytes
import KaleRules
import Sodium
import StellarXDR

/// Farmers who belong to no pool: they open blocks when due, plant, and work before the block can
/// close. Their hashes are drawn, their KALE is in no account, and they never harvest.
///
/// Source: design.md §11, "The last block".
struct OutsideFarmers: Sendable {
  struct Plan: Hashable, Sendable {
    let block: BlockIndex
    /// By farmer: when it plants and works, as ledger sequences.
    var plantAt: [UInt32]
    var workAt: [UInt32]
  }

  /// What they have in mind, for snapshots.
  struct Memory: Hashable, Sendable {
    var random: UInt64
    var plan: Plan?
    var openAt: UInt32?
  }

  private let settings: OutsideSettings
  /// Ledgers from a block's opening to the first in which it may be closed.
  private let blockLedgers: UInt32
  private let farmers: [FarmAddress]
  private var random: SplitMix
  private var plan: Plan?
  /// When the block that is due gets opened.
  private var openAt: UInt32?

  /// Their first plants come in the opening ledger and the two after it.
  private static let plantSpread: UInt32 = 2
  /// They work two ledgers or more before the block can close.
  private static let workMargin: UInt32 = 2

  init(_ settings: DevnetSettings) {
    self.settings = settings.outside
    blockLedgers = UInt32(
      (settings.blockSeconds + settings.ledgerSeconds - 1) / settings.ledgerSeconds)
    farmers = (0..<settings.outside.farmers).map {
      .account(sha256(Array("kalepool devnet outside farmer \($0)".utf8)))
    }
    random = SplitMix(seed: settings.seed ^ 0x6f75_7473_6964_6572)
  }

  /// A plan for another number of farmers is forgotten.
  var memory: Memory {
    get { Memory(random: random.state, plan: plan, openAt: openAt) }
    set {
      random = SplitMix(seed: newValue.random)
      plan = newValue.plan.flatMap { $0.plantAt.count == farmers.count ? $0 : nil }
      openAt = newValue.openAt
    }
  }

  /// Whether an address is one of them.
  func contains(_ address: FarmAddress) -> Bool { farmers.contains(address) }

  /// Does what they do in the ledger being made.
  mutating func act(on overlay: Overlay, world: ContractWorld) {
    guard !farmers.isEmpty else { return }
    let host = ContractHost(
      world: world, overlay: overlay, footprint: FootprintGuard(recording: ()),
      authorization: AuthorizationBook([], source: .contract(world.network.farmContract)))
    var call = FarmCall(on: host, id: world.network.farmContract, isOutside: true)
    guard let instance = try? call.instance(), !instance.isPaused else { return }
    let isMissing = (try? call.block(instance.index)) == .some(nil)
    let isDue = isMissing || world.time >= instance.farmBlock.timestamp + world.farm.blockSeconds
    if isDue {
      let at = openAt ?? world.sequence + UInt32.random(in: settings.openingDelay, using: &random)
      openAt = at
      guard world.sequence >= at else { return }
      openAt = nil
      // The contract's own rule for the index of what opens now.
      let isFirst = isMissing && instance.index == 0 && !isOver(instance, world)
      makePlan(for: isFirst ? 0 : instance.index.next, opened: world.sequence)
    } else if plan?.block != instance.index {
      // Somebody else opened it.
      openAt = nil
      makePlan(for: instance.index, opened: world.sequence)
    }
    plantAndWork(world, &call)
  }

  private func isOver(_ instance: FarmInstance, _ world: ContractWorld) -> Bool {
    world.time >= instance.farmBlock.timestamp + world.farm.blockSeconds
  }

  private mutating func makePlan(for block: BlockIndex, opened: UInt32) {
    var plan = Plan(block: block, plantAt: [], workAt: [])
    let early = max(Self.workMargin, blockLedgers / 6)
    for at in farmers.indices {
      let plant =
        at == 0 ? opened : opened + UInt32.random(in: 0...Self.plantSpread, using: &random)
      let before = UInt32.random(in: Self.workMargin...early, using: &random)
      let work =
        at < settings.hasty ? plant + 1 : opened + blockLedgers - min(blockLedgers, before)
      plan.plantAt.append(plant)
      plan.workAt.append(max(plant + 1, work))
    }
    self.plan = plan
  }

  private mutating func plantAndWork(_ world: ContractWorld, _ call: inout FarmCall) {
    guard let plan else { return }
    for (at, farmer) in farmers.enumerated() {
      if plan.plantAt[at] == world.sequence {
        let stake = Int128(Int64.random(in: settings.stakes, using: &random))
        // Who is refused sits this block out.
        try? world.farm.plant(farmer: farmer, amount: stake, on: &call)
      }
      if plan.workAt[at] == world.sequence {
        _ = try? world.farm.workUnchecked(farmer: farmer, hash: drawHash(), on: &call)
      }
    }
  }

  /// A hash with a drawn number of leading zero digits, the rest at random.
  private mutating func drawHash() -> Bytes32 {
    let zeros = Int(UInt32.random(in: settings.zeros, using: &random))
    var digits = (0..<64).map { _ in UInt8.random(in: 0...15, using: &random) }
    for at in 0..<min(zeros, 64) { digits[at] = 0 }
    if zeros < 64 { digits[zeros] = UInt8.random(in: 1...15, using: &random) }
    let bytes = stride(from: 0, to: 64, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    return Bytes32(bytes) ?? .zero
  }
}
