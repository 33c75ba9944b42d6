import FramedRPC
import Glibc
import HashEngine
import Logging
import PoolProtocol
import RPCTransport
import SecureChannel
import Synchronization

extension Agent {
  /// At the end: so long may the last reports take.
  static let farewellTime = Duration.seconds(1)

  /// All calls of one session, until it ends. Says how it ended.
  func farm(_ route: Route) async -> FarmEnd {
    let session = route.session
    workshop.sessionBegan()
    let isPending = session.outcome.verdict == .pending
    let (failure, better) = await withTaskGroup(of: Part.self) { group in
      group.addTask { await self.part("facts") { try await self.followFacts(session) } }
      if !isPending {
        group.addTask { await self.part("planting") { try await self.plant(session) } }
        group.addTask { await self.part("assignments") { try await self.work(session) } }
        group.addTask { await self.part("nonces") { try await self.sendNonces(session) } }
        group.addTask { await self.part("health") { try await self.report(session) } }
        group.addTask { await self.keysPart { try await self.keepKeys(route) } }
      }
      group.addTask { Part(text: await self.waitForStop(session)) }
      if route.coordinator > 0 {
        group.addTask {
          let found = await self.findBetter(than: route)
          return Part(
            text: found == nil ? nil : "an earlier coordinator can be reached again", better: found)
        }
      }
      group.addTask {
        _ = await session.waitForEnd()
        return Part()
      }
      let first = await group.next()
      // SHUTDOWN says that this agent does not come back, so that nobody waits for it.
      session.close(isAskedToEnd ? .shutdown : .done)
      group.cancelAll()
      // The better session may have ended this one before it was told of.
      var better = first?.better
      for await part in group { better = better ?? part.better }
      return (first?.text, better)
    }
    let end = await session.waitForEnd()
    var text = failure ?? end?.reason ?? "ended"
    if let end, let code = end.code, code != .done {
      text = end.reason.isEmpty ? "\(code)" : end.reason
    }
    return FarmEnd(text: text, end: end, better: better)
  }

  /// One of a session's tasks, at its end.
  private struct Part: Sendable {
    var text: String?
    var better: Route?
  }

  private func keysPart(_ body: () async throws -> Void) async -> Part {
    do {
      try await body()
      return Part(text: "the next key comes into use")
    } catch {
      return Part(text: "keys: \(error)")
    }
  }

  private func part(_ what: String, _ body: () async throws -> Void) async -> Part {
    do {
      try await body()
      return Part(text: "\(what): the coordinator ended the stream")
    } catch {
      return Part(text: "\(what): \(error)")
    }
  }

  private func followFacts(_ session: RPCSession) async throws {
    try await session.withStream(Control.facts, FactsRequest()) { facts in
      for try await one in facts {
        self.monitor.withLock { $0.receive(one, now: .now) }
        self.planting.ring()
      }
    }
  }

  /// Asks for blocks as the monitor decides.
  private func plant(_ session: RPCSession) async throws {
    while !Task.isCancelled {
      switch monitor.withLock({ $0.next(now: .now) }) {
      case .wait(let limit): await planting.wait(until: limit)
      case .ask(let block):
        do {
          let reply = try await session.call(Control.plant, PlantRequest(blockIndex: block))
          monitor.withLock { $0.answered(block: block) }
          if !reply.already {
            logger.info(
              "asked for planting", metadata: ["block": "\(block)", "farmers": "\(reply.farmers)"])
          }
        } catch {
          if error.retryAfterMs > 0 {
            // The coordinator says when; its lease for planting is used up.
            try await Task.sleep(for: .milliseconds(error.retryAfterMs))
          }
          switch error.code {
          case .unavailable where session.ended != nil: throw error
          case .unavailable, .deadlineExceeded, .resourceExhausted, .aborted, .internalError:
            monitor.withLock { $0.failed(now: .now) }
          default: monitor.withLock { $0.answered(block: block) }
          }
          logger.warning(
            "planting was not asked for", metadata: ["block": "\(block)", "reason": "\(error)"])
        }
      }
    }
  }

  private func work(_ session: RPCSession) async throws {
    try await session.withStream(Work.assignments, AssignmentsRequest()) { sets in
      for try await set in sets {
        self.workshop.adopt(set)
        self.logger.debug(
          "assignments",
          metadata: [
            "block": "\(set.blockIndex)", "farmers": "\(set.assignments.count)",
            "version": "\(set.version)",
          ])
      }
    }
  }

  private func sendNonces(_ session: RPCSession) async throws {
    try await session.withStream(Work.nonces) { writer, acks in
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          for try await ack in acks where ack.verdict == .invalid {
            self.errors.wrappingAdd(1, ordering: .relaxed)
            self.logger.error(
              "a nonce was found invalid",
              metadata: ["block": "\(ack.blockIndex)", "nonce": "\(ack.nonce)"])
          }
          throw RPCError(.unavailable, "the coordinator ended the stream")
        }
        group.addTask {
          while !Task.isCancelled {
            for report in self.workshop.takeReports() { try await writer.write(report) }
            await self.workshop.bell.wait()
          }
        }
        try await group.next()
        group.cancelAll()
      }
    }
  }

  /// Capacity once, then how things are, every few seconds.
  private func report(_ session: RPCSession) async throws {
    let rate = capacity.load(ordering: .relaxed)
    _ = try await session.call(
      Health.capacity, CapacityReport(hashesPerSecond: rate, farmersMax: settings.farmersMax))
    var last = workshop.status.engine
    while !Task.isCancelled {
      let status = workshop.status
      var report = HealthReport()
      report.assignmentsVersion = status.version
      report.hashesTotal = status.engine.hashes
      report.hashesPerSecond = UInt64(max(0, status.engine.rate(since: last)))
      report.threads = UInt32(clamping: status.engine.threads)
      report.queue = UInt32(clamping: status.jobs - status.engine.jobsAtMaxZeros)
      report.errors = errors.load(ordering: .relaxed)
      last = status.engine
      _ = try await session.call(Health.report, report)
      try await Task.sleep(for: min(settings.reportInterval, Self.reportIntervalMax))
    }
  }

  /// Ends the session in good order when the agent is asked to end.
  private func waitForStop(_ session: RPCSession) async -> String? {
    while !isEnding { await stopping.wait() }
    guard isAskedToEnd else { return nil }  // The session ended by itself.
    workshop.stop()
    let limit = ContinuousClock.now + Self.farewellTime
    while workshop.hasReports, .now < limit, session.ended == nil {
      workshop.bell.ring()
      try? await Task.sleep(for: .milliseconds(10))  // Cancelled: the session is over.
      if Task.isCancelled { break }
    }
    return "asked to end"
  }
}
