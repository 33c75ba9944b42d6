import Dispatch
import Sodium

/// Makes and checks password hashes, a few at a time and off the cooperative threads.
///
/// Argon2id takes 64 MiB and about 0.1 s of a core each: without a bound, a crowd of log-ins would
/// take the machine's memory.
actor PasswordWorkers {
  private let queue = DispatchQueue(label: "bridge.passwords", attributes: .concurrent)
  private let atOnce: Int
  private let waitingMax: Int
  private var running = 0
  private var waiting: [CheckedContinuation<Void, Never>] = []

  /// Hashed once, to spend the same time on an unknown handle as on a wrong password.
  private var decoy: String?

  init(
    atOnce: Int = Limits.passwordHashesAtOnce, waitingMax: Int = Limits.passwordHashesWaitingMax
  ) {
    self.atOnce = atOnce
    self.waitingMax = waitingMax
  }

  func hash(_ password: String) async throws -> String {
    try await run { PasswordHash.make(password) }
  }

  /// False also where `hash` is nil (nobody of that name), after the same work.
  func verify(_ password: String, against hash: String?) async throws -> Bool {
    let against: String
    if let hash { against = hash } else { against = try await decoyHash() }
    let fits = try await run { PasswordHash.verify(password, against: against) }
    return fits && hash != nil
  }

  /// How many wait, for the metrics.
  var queueLength: Int { waiting.count }

  private func decoyHash() async throws -> String {
    if let decoy { return decoy }
    let made = try await hash(String(decoding: randomBytes(16).map { $0 & 0x7f }, as: UTF8.self))
    decoy = decoy ?? made
    return made
  }

  private func run<R: Sendable>(_ work: @escaping @Sendable () -> R) async throws -> R {
    try await enter()
    let result = await withCheckedContinuation { continuation in
      queue.async { continuation.resume(returning: work()) }
    }
    leave()
    return result
  }

  private func enter() async throws {
    if running < atOnce {
      running += 1
      return
    }
    guard waiting.count < waitingMax else {
      throw BridgeError(
        .unavailable, "Too many people are logging in just now: try again in a few seconds.",
        retryAfter: .seconds(5))
    }
    // The one who leaves passes its place on: `running` stays.
    await withCheckedContinuation { waiting.append($0) }
  }

  private func leave() {
    if waiting.isEmpty { running -= 1 } else { waiting.removeFirst().resume() }
  }
}
