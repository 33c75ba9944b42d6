import FramedRPC
import HashEngine
package import Logging
import PoolProtocol
import RPCTransport
import SecureChannel
import Sodium
import Synchronization

/// A pooler's machine: connects, asks for planting, hashes, reports, and comes again when the line
/// breaks.
package final class Agent: Sendable {
  /// An agent that was accepted once and is refused now tries again after this.
  static let retryWhenRefused = Duration.seconds(300)
  /// A session that lived so long makes the next attempt a first one.
  static let stableAfter = Duration.seconds(60)
  /// The benchmark at the start, from which the capacity comes.
  static let benchmarkTime = Duration.seconds(1)

  let settings: AgentSettings
  let keys: AgentKeys
  let logger: Logger
  let workshop: Workshop
  let monitor: Mutex<BlockMonitor>
  let errors = Atomic<UInt64>(0)
  let capacity = Atomic<UInt64>(0)
  private let instance = randomBytes(16)
  private let isStopping = Atomic<Bool>(false)
  let stopping = Bell()
  /// Rung when the monitor has new facts.
  let planting = Bell()

  package init(settings: AgentSettings, keys: AgentKeys, logger: Logger) {
    self.settings = settings
    self.keys = keys
    self.logger = logger
    workshop = Workshop(settings.hashing)
    monitor = Mutex(BlockMonitor(ahead: settings.plantAhead))
  }

  /// Stops hashing, says so, closes the session; ``run()`` returns soon after.
  package func beginGracefulShutdown() {
    isStopping.store(true, ordering: .releasing)
    stopping.ring()
  }

  var isAskedToEnd: Bool { isStopping.load(ordering: .acquiring) }

  var isEnding: Bool { isAskedToEnd || Task.isCancelled }

  /// Lives until asked to end, or until only a person can help.
  package func run() async throws(AgentError) {
    let rate = await Benchmark.engineRate(settings.hashing, Self.benchmarkTime)
    capacity.store(UInt64(rate), ordering: .relaxed)
    logger.info(
      "ready", metadata: ["key": "\(keys.pair.publicText)", "hashes_per_s": "\(UInt64(rate))"])
    workshop.start()
    defer { workshop.stop() }
    var token = settings.token
    var wasAccepted = keys.wasAccepted
    var previous: [UInt8]?
    var backoff = Backoff()
    while !isEnding {
      let session: RPCSession
      switch await connect(token: token, previous: previous) {
      case .success(let new): session = new
      case .failure(let failure):
        if !wasAccepted, failure.isFinal { throw failure.asError }
        let wait = failure.isRefusal ? Self.retryWhenRefused : backoff.next()
        logger.warning("\(failure.asError.message); trying again in \(wait.rounded) s")
        await stopping.wait(until: .now + wait)
        continue
      }
      if !wasAccepted { keys.markAccepted() }
      wasAccepted = true
      token = nil
      previous = session.outcome.sessionID
      let began = ContinuousClock.now
      let end = await farm(session)
      monitor.withLock { $0.disconnected() }
      if isEnding { return }
      if .now - began >= Self.stableAfter { backoff.reset() }
      let wait = backoff.next()
      logger.warning("the session ended: \(end); connecting again in \(wait.rounded) s")
      await stopping.wait(until: .now + wait)
    }
  }

  /// Each coordinator in order, each of its keys in turn.
  private func connect(token: EnrolmentToken?, previous: [UInt8]?) async
    -> Result<RPCSession, ConnectFailure>
  {
    var failure: ConnectFailure?
    for address in settings.coordinators {
      for serverKey in address.serverKeys where !isEnding {
        var offer = AgentOffer(
          instance: instance, agentVersion: settings.version, agentName: settings.name)
        offer.previousSession = previous
        do {
          let session = try await RPCClient.connect(
            to: address, serverKey: serverKey, agentKey: keys.pair, token: token, offer: offer,
            padding: settings.padding, logger: logger)
          let outcome = session.outcome
          let name = outcome.displayName.isEmpty ? settings.name : outcome.displayName
          logger.info(
            outcome.verdict == .pending
              ? "connected; waiting for the operator's approval" : "connected",
            metadata: ["coordinator": "\(address)", "as": "\(name)"])
          return .success(session)
        } catch {
          let new = ConnectFailure(address: address, serverKey: serverKey, error: error)
          // What a coordinator said of this agent is worth more than that another is away.
          if failure?.isRefusal != true { failure = new }
          // Another key helps only where none was answered.
          if error != .noWelcome { break }
        }
      }
    }
    return .failure(
      failure
        ?? ConnectFailure(
          address: settings.coordinators[0],
          serverKey: settings.coordinators[0].serverKeys[0], error: .cancelled))
  }
}

extension Duration {
  /// Seconds with one digit, for people.
  fileprivate var rounded: Double { (self / .milliseconds(100)).rounded() / 10 }
}
