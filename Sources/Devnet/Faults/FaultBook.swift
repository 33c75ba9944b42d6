import Bytes

/// The faults that are switched on, and how often each kind struck.
///
/// The same orders and the same questions in the same order give the same faults.
package struct FaultBook: Sendable {
  struct Active: Sendable {
    let id: Int
    let rule: FaultRule
    /// The last closed ledger when it was switched on.
    let since: UInt32
    var struck = 0
    fileprivate var random: SplitMix

    fileprivate var isSpent: Bool { rule.times.map { struck >= $0 } ?? false }
  }

  /// A fault that strikes now.
  struct Strike: Sendable {
    let rule: FaultRule
    let since: UInt32
    /// For what is drawn within the fault.
    let draw: UInt64

    var value: Int64 { rule.value }
  }

  private(set) var active: [Active] = []
  /// Since the start, by kind.
  private(set) var struck: [FaultKind: Int] = [:]
  private var lastID = 0
  private let seed: UInt64

  /// Rules that are on at once, so that nobody fills the memory.
  static let activeMax = 1_000

  init(seed: UInt64) { self.seed = seed }

  /// Gives the rule's number.
  mutating func switchOn(_ rule: FaultRule, at ledger: UInt32) -> Int {
    lastID += 1
    active.append(
      Active(
        id: lastID, rule: rule, since: ledger,
        random: SplitMix(seed: rule.seed ?? seed &+ UInt64(lastID))))
    return lastID
  }

  /// Switches off what `isMeant`; gives how many those were.
  @discardableResult mutating func switchOff(where isMeant: (Active) -> Bool) -> Int {
    let before = active.count
    active.removeAll(where: isMeant)
    return before - active.count
  }

  /// Ends what was ordered for a number of ledgers.
  mutating func expire(at ledger: UInt32) {
    switchOff { fault in fault.rule.ledgers.map { ledger >= fault.since &+ $0 } ?? false }
  }

  /// The first fault of a kind that strikes `node` in one of `methods`, if any does. A question
  /// without node is for faults of the network.
  mutating func strike(_ kind: FaultKind, node: Int? = nil, methods: [String] = []) -> Strike? {
    for at in active.indices {
      let rule = active[at].rule
      guard rule.kind == kind, !active[at].isSpent,
        rule.node == nil || node == nil || rule.node == node,
        rule.methods.isEmpty || methods.contains(where: rule.methods.contains)
      else { continue }
      let draw = active[at].random.next()
      // 53 bits are what a Double has.
      guard Double(draw >> 11) * 0x1p-53 < rule.probability else { continue }
      active[at].struck += 1
      // Of a spike the transactions are counted that it keeps out.
      if kind != .feeSpike { count(kind) }
      return Strike(rule: rule, since: active[at].since, draw: active[at].random.next())
    }
    return nil
  }

  /// Whether nothing may listen at a node's address.
  func refuses(_ node: Int) -> Bool {
    active.contains { $0.rule.kind == .refused && ($0.rule.node ?? node) == node }
  }

  mutating func count(_ kind: FaultKind, _ times: Int = 1) { struck[kind, default: 0] += times }
}
