import HashEngine
import PoolProtocol
import Synchronization

/// The engine at work: takes sets over, and puts what comes of them into the outbox.
final class Workshop: Sendable {
  private struct State {
    var book = WorkBook()
    var outbox = NonceOutbox()
  }

  private let engine: HashEngine
  private let state: Mutex<State>
  let bell: Bell

  init(_ settings: HashEngine.Settings) {
    let state = Link()
    engine = HashEngine(
      settings, onEnd: { end in state.value?.ended(end) },
      onImprovement: { improvement in state.value?.improved(improvement) })
    self.state = Mutex(State())
    bell = Bell()
    state.set(self)
  }

  func start() { engine.start() }

  /// Ends all work; what is left to say of it is in the outbox.
  func stop() {
    engine.update([])
    engine.stop()
  }

  func adopt(_ set: AssignmentSet) {
    let jobs = state.withLock { state in
      let (jobs, resend) = state.book.adopt(set, now: .now)
      state.outbox.adopt(version: set.version)
      for nonce in resend { state.outbox.add(nonce) }
      return jobs
    }
    bell.ring()
    engine.update(jobs)
  }

  /// Handles of an older session may mean something else in a new one.
  func sessionBegan() {
    state.withLock { state in
      state.book.sessionBegan()
      state.outbox = NonceOutbox()
    }
  }

  /// What to send now, with the counts of this moment.
  func takeReports() -> [NonceReport] {
    state.withLock { $0.outbox.take() }
  }

  var hasReports: Bool { state.withLock { !$0.outbox.isEmpty } }

  var status: (engine: EngineStatus, version: UInt64, jobs: Int) {
    let engine = engine.status()
    return state.withLock { (engine, $0.book.version, $0.book.count) }
  }

  private func improved(_ improvement: Improvement) {
    let done = engine.hashesDone(for: improvement.jobID)
    state.withLock { state in
      if let nonce = state.book.improved(improvement, hashesDone: done) { state.outbox.add(nonce) }
    }
    bell.ring()
  }

  private func ended(_ end: JobEnd) {
    state.withLock { state in
      if let work = state.book.ended(end) { state.outbox.add(work) }
    }
    bell.ring()
  }

  /// The engine's callbacks are made before the workshop: they find it here.
  private final class Link: Sendable {
    private let target = Mutex<Workshop?>(nil)

    var value: Workshop? { target.withLock { $0 } }

    func set(_ workshop: Workshop) { target.withLock { $0 = workshop } }
  }
}
