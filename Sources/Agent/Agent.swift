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
  /// A coordinator that restarts is not met by all its agents at once.
  static let restartSpread = Duration.seconds(5)
  /// A coordinator takes an agent that is silent on its progress for 15 s for stuck.
  static let reportIntervalMax = Duration.seconds(5)
  /// The benchmark at the start, from which the capacity comes.
  static let benchmarkTime = Duration.seconds(1)

  let settings: AgentSettings
  let keys: Mutex<AgentKeys>
  let pins: Mutex<PinBook>
  let logger: Logger
  let workshop: Workshop
  let monitor: Mutex<BlockMonitor>
  let errors = Atomic<UInt64>(0)
  let capacity = Atomic<UInt64>(0)
  let instance = randomBytes(16)
  private let isStopping = Atomic<Bool>(false)
  let stopping = Bell()
  /// Rung when the monitor has new facts.
  let planting = Bell()

  /// Throws for a file of announced keys that cannot be read.
  package init(settings: AgentSettings, keys: AgentKeys, logger: Logger) throws {
    self.settings = settings
    self.keys = Mutex(keys)
    pins = Mutex(try PinBook(folder: keys.folder))
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
    let publicText = keys.withLock { $0.pair.publicText }
    logger.info("ready", metadata: ["key": "\(publicText)", "hashes_per_s": "\(UInt64(rate))"])
    workshop.start()
    defer { workshop.stop() }
    var token = settings.token
    var wasAccepted = keys.withLock { $0.wasAccepted }
    var previous: [UInt8]?
    var backoff = Backoff()
    var better: Route?
    while !isEnding {
      let route: Route
      if let made = better.take() {
        route = made
      } else {
        switch await connect(token: token, previous: previous) {
        case .success(let made): route = made
        case .failure(let failure):
          if !wasAccepted, failure.isFinal { throw failure.asError }
          let wait = failure.wait(backoff.next())
          logger.warning("\(failure.asError.message); trying again in \(wait.rounded) s")
          await stopping.wait(until: .now + wait)
          continue
        }
      }
      if !wasAccepted { keys.withLock { $0.markAccepted() } }
      wasAccepted = true
      token = nil
      previous = route.session.outcome.sessionID
      let began = ContinuousClock.now
      let end = await farm(route)
      monitor.withLock { $0.disconnected() }
      if isEnding { return }
      better = end.better
      if better != nil { continue }
      if .now - began >= Self.stableAfter { backoff.reset() }
      var wait = backoff.next()
      if end.end?.code == .shutdown { wait += Self.restartSpread * Double.random(in: 0...1) }
      logger.warning("the session ended: \(end.text); connecting again in \(wait.rounded) s")
      await stopping.wait(until: .now + wait)
    }
  }
}

extension Duration {
  /// Seconds with one digit, for people.
  fileprivate var rounded: Double { (self / .milliseconds(100)).rounded() / 10 }
}
