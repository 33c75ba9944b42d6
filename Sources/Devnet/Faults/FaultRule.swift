/// A fault as it is ordered: which, where, how often and for how long.
package struct FaultRule: Sendable, Hashable {
  package var kind: FaultKind
  /// The node's number, counted from 1; nil is every node.
  package var node: Int?
  /// The RPC methods it strikes; empty is all.
  package var methods: Set<String> = []
  /// Of striking, each time it could: 0 ... 1.
  package var probability = 1.0
  /// What the kind says.
  package var value: Int64
  /// The request is carried out first and only its answer spoiled; for faults of transactions: it is
  /// queued in spite of the answer.
  package var isAfter = false
  /// Which garbage; nil draws one each time.
  package var form: Garbage.Form?
  /// It strikes so often at most; nil is without end.
  package var times: Int?
  /// It ends by itself after so many ledgers; nil is when it is switched off.
  package var ledgers: UInt32?
  /// From which its draws follow; nil takes one of the devnet's.
  package var seed: UInt64?

  package init(_ kind: FaultKind, node: Int? = nil, value: Int64? = nil) {
    self.kind = kind
    self.node = node
    self.value = value ?? kind.normalValue
  }

  /// Throws where it makes no sense on a devnet of so many nodes.
  func check(nodes: Int) throws(DevnetError) {
    func need(_ isRight: Bool, _ message: String) throws(DevnetError) {
      if !isRight { throw DevnetError(.invalidSetting, message) }
    }
    try need(node.map { (1...nodes).contains($0) } ?? true, "there are nodes 1 to \(nodes)")
    try need(node == nil || !kind.isOfTheNetwork, "\(kind.rawValue) is of the whole network")
    try need((0...1).contains(probability), "probability must be within 0 and 1")
    try need(
      kind.values.contains(value),
      "the value of \(kind.rawValue) must be within \(kind.values.lowerBound) and \(kind.values.upperBound)"
    )
    try need(times.map { $0 >= 1 } ?? true, "times must be 1 or more")
    try need(ledgers.map { $0 >= 1 } ?? true, "ledgers must be 1 or more")
  }
}
