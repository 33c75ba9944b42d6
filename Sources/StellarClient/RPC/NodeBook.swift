import KaleRules

/// What is known of each node: whether it answers, how far it is, how long it is to be left alone.
/// Plain logic; time is a parameter.
///
/// A node that fails rests, longer each time. Rest only orders the nodes, except where the node
/// itself asked for it (429, 503): then it is not asked before its time.
struct NodeBook: Sendable {
  struct Node: Sendable {
    let endpoint: String
    var latest: LedgerTick?
    var seenAt: ContinuousClock.Instant?
    /// Failures of one kind in a row, since the last answer.
    var failures = 0
    var failedAt: ContinuousClock.Instant?
    var lastError: RPCError?
    var restsUntil: ContinuousClock.Instant?
    /// The rest is the node's own wish.
    var isLimited = false
    var bucket: TokenBucket?
    /// How long answers take, a moving mean.
    var latency = Duration.zero
    var requests = 0
    var failuresInAll = 0
    /// Ledgers in which what it said of the block could not be, or another node contradicted it.
    var disagreements = 0
    var disagreedIn: LedgerSequence = 0
  }

  /// A node this many ledgers behind the first is asked only after the others.
  static let lagLedgersMax: UInt32 = 2
  /// A node that takes longer is asked only after quicker ones.
  static let latencyMax = Duration.milliseconds(750)
  /// What is said of a node that was not heard of for so long is no longer news.
  static let newsAge = Duration.seconds(15)

  private(set) var nodes: [Node]

  init(_ settings: RPCSettings) {
    nodes = settings.endpoints.map { endpoint in
      var node = Node(endpoint: endpoint)
      node.bucket = settings.requestsPerSecondMax.map {
        TokenBucket(perSecond: $0, burst: max(1, $0 * 2))
      }
      return node
    }
  }

  /// The newest ledger that any node has told of lately.
  func newest(at now: ContinuousClock.Instant) -> LedgerSequence? {
    nodes.filter { isNews($0, now) }.compactMap { $0.latest?.sequence }.max()
  }

  /// Whom to ask, first to last: the rested before the resting, those that are up to date before
  /// those that lag, the quick before the slow, then as configured.
  func order(at now: ContinuousClock.Instant, avoiding avoided: Int? = nil) -> [Int] {
    let newest = newest(at: now)
    func rank(_ index: Int) -> (Int, Int, Int, Int, Int) {
      let node = nodes[index]
      let lags = newest.map { isBehind(node, $0) } ?? false
      let isSlow = node.latency > Self.latencyMax
      return (
        isResting(node, now) ? 1 : 0, lags ? 1 : 0, index == avoided ? 1 : 0, isSlow ? 1 : 0, index
      )
    }
    return nodes.indices.sorted { rank($0) < rank($1) }
  }

  /// Until when a node wants no request; nil: it may be asked.
  func limit(of index: Int, at now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
    let node = nodes[index]
    guard node.isLimited, let until = node.restsUntil, until > now else { return nil }
    return until
  }

  /// Books a request; gives how long it has to wait for its turn.
  mutating func begin(_ index: Int, calls: Int, at now: ContinuousClock.Instant) -> Duration {
    nodes[index].requests += 1
    return nodes[index].bucket?.take(calls, at: now) ?? .zero
  }

  mutating func succeeded(_ index: Int, after time: Duration) {
    nodes[index].latency = (nodes[index].latency * 3 + time) / 4
    nodes[index].failures = 0
    nodes[index].restsUntil = nil
    nodes[index].isLimited = false
  }

  mutating func note(_ index: Int, _ tick: LedgerTick, at now: ContinuousClock.Instant) {
    nodes[index].latest = tick
    nodes[index].seenAt = now
  }

  /// Counts once a ledger.
  mutating func disagreed(_ index: Int, in ledger: LedgerSequence) {
    guard ledger > nodes[index].disagreedIn else { return }
    nodes[index].disagreedIn = ledger
    nodes[index].disagreements += 1
  }

  /// A request that was under way already when the last one failed (`begun`) says nothing new.
  mutating func failed(
    _ index: Int, _ error: RPCError, retryAfter: Duration?, begun: ContinuousClock.Instant? = nil,
    at now: ContinuousClock.Instant
  ) {
    let isSame = nodes[index].failures > 0 && nodes[index].lastError?.code == error.code
    let isNews = begun.flatMap { begun in nodes[index].failedAt.map { begun >= $0 } } ?? true
    if !isSame { nodes[index].failures = 0 }
    if !isSame || isNews { nodes[index].failures += 1 }
    nodes[index].failedAt = now
    nodes[index].failuresInAll += 1
    nodes[index].lastError = error
    nodes[index].isLimited = error.code == .busy
    nodes[index].restsUntil =
      now + (retryAfter ?? Self.rest(after: error.code, failures: nodes[index].failures))
  }

  /// Doubles with every failure, from a first rest up to a longest, by the kind of failure.
  static func rest(after code: RPCError.Code, failures: Int) -> Duration {
    let (first, longest): (Duration, Duration) =
      switch code {
      case .unavailable: (.milliseconds(500), .seconds(15))
      // Where it did not say for how long: a limit of so many a second is soon known by its repeats.
      case .busy: (.milliseconds(100), .seconds(30))
      case .outcomeUnknown: (.milliseconds(500), .seconds(10))
      case .behind: (.milliseconds(200), .seconds(5))
      case .badAnswer: (.seconds(1), .seconds(30))
      // Wrong address or key: an operator has to mend it.
      case .refused: (.seconds(30), .seconds(300))
      case .cancelled: (.zero, .zero)
      }
    return min(longest, first * (1 << min(10, max(0, failures - 1))))
  }

  private func isResting(_ node: Node, _ now: ContinuousClock.Instant) -> Bool {
    node.restsUntil.map { $0 > now } ?? false
  }

  private func isNews(_ node: Node, _ now: ContinuousClock.Instant) -> Bool {
    node.seenAt.map { now - $0 <= Self.newsAge } ?? false
  }

  private func isBehind(_ node: Node, _ newest: LedgerSequence) -> Bool {
    guard let latest = node.latest?.sequence else { return false }
    return latest + Self.lagLedgersMax <= newest
  }

  /// Whether another node has told of a ledger lately.
  func hasNews(besides index: Int, at now: ContinuousClock.Instant) -> Bool {
    nodes.indices.contains { $0 != index && isNews(nodes[$0], now) }
  }

  /// For people.
  func statuses(at now: ContinuousClock.Instant) -> [NodeStatus] {
    let newest = newest(at: now)
    return nodes.map { node in
      NodeStatus(
        endpoint: node.endpoint, isUp: node.failures == 0 && isNews(node, now),
        latest: node.latest,
        lag: newest.flatMap { newest in
          node.latest.map { newest.rawValue - min(newest.rawValue, $0.sequence.rawValue) }
        },
        latency: node.latency, requests: node.requests, failures: node.failuresInAll,
        disagreements: node.disagreements,
        lastError: node.failures > 0 ? node.lastError : nil)
    }
  }
}
