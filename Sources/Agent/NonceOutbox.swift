package import PoolProtocol

/// What waits to be sent on Work.Nonces.
///
/// Bounded by the assignments: of each only the newest nonce waits, so that back-pressure never
/// costs the best result.
package struct NonceOutbox: Sendable {
  private var adopted: UInt64?
  private var found: [UInt64: NonceFound] = [:]
  /// Handles in the order in which their nonces came.
  private var order: [UInt64] = []
  private var done: [UInt64: WorkDone] = [:]

  package init() {}

  package var isEmpty: Bool { adopted == nil && order.isEmpty && done.isEmpty }

  package mutating func adopt(version: UInt64) { adopted = version }

  package mutating func add(_ nonce: NonceFound) {
    if let old = found[nonce.handle], old.blockIndex == nonce.blockIndex {
      if nonce.zeros > old.zeros { found[nonce.handle] = nonce }
      return
    }
    if found.updateValue(nonce, forKey: nonce.handle) == nil { order.append(nonce.handle) }
  }

  package mutating func add(_ work: WorkDone) { done[work.handle] = work }

  /// Everything, in the order in which it is to go: a nonce before the end of its work.
  package mutating func take() -> [NonceReport] {
    var reports: [NonceReport] = []
    if let adopted { reports.append(.adopted(version: adopted)) }
    for handle in order { if let nonce = found[handle] { reports.append(.found(nonce)) } }
    for (_, work) in done.sorted(by: { $0.key < $1.key }) { reports.append(.done(work)) }
    self = NonceOutbox()
    return reports
  }
}
