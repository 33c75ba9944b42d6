import Bytes

/// What is under way, one submission for each wallet.
///
/// The sets that a view shows are kept beside it: a view is made for every question, and thousands
/// may be under way.
struct UnderWay: Sendable {
  private var submissions: [Bytes32: Submission] = [:]
  private(set) var wallets: Set<Bytes32> = []
  private(set) var tasks: Set<ChainTask> = []
  /// Two wallets may try the same.
  private var walletsOfTask: [ChainTask: Int] = [:]

  subscript(wallet: Bytes32) -> Submission? {
    get { submissions[wallet] }
    set {
      if let old = submissions[wallet].flatMap(ChainTask.init) {
        let left = (walletsOfTask[old] ?? 1) - 1
        walletsOfTask[old] = left > 0 ? left : nil
        if left <= 0 { tasks.remove(old) }
      }
      submissions[wallet] = newValue
      if newValue == nil { wallets.remove(wallet) } else { wallets.insert(wallet) }
      if let new = newValue.flatMap(ChainTask.init) {
        walletsOfTask[new, default: 0] += 1
        tasks.insert(new)
      }
    }
  }
}
