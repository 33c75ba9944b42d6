import KaleRules
import Logging
import Synchronization

extension LedgerFollower {
  /// Asks until the task is cancelled. Each node is asked on its own, so that one that hangs keeps
  /// nobody from hearing of a ledger.
  package func run() async {
    await withDiscardingTaskGroup { group in
      for node in rpc.settings.endpoints.indices { group.addTask { await self.watch(node) } }
      group.addTask { await self.watchForStalls() }
    }
    release { _ in true }
    let streams = state.withLock { state in
      defer { state.streams = [:] }
      return state.streams
    }
    for stream in streams.values { stream.finish() }
  }

  private func watch(_ node: Int) async {
    var seen: LedgerSequence = 0
    var wasUp = true
    while !Task.isCancelled {
      if !rpc.isLimited(node) {
        do throws(RPCError) {
          let tick = try await tick(of: node)
          if tick.sequence > seen { try await compareFarms(node) }
          seen = tick.sequence
          if isCredible(tick, from: node) {
            rpc.note(tick, from: node)
            note(tick)
          }
          if !wasUp { logger.notice("a node answers again", metadata: name(node)) }
          wasUp = true
        } catch {
          if wasUp, error.code != .cancelled {
            logger.warning(
              "a node does not answer",
              metadata: name(node).merging(["error": "\(error)"]) { a, _ in a })
          }
          wasUp = false
        }
      }
      try? await Task.sleep(for: settings.interval)
    }
  }

  private func isCredible(_ tick: LedgerTick, from node: Int) -> Bool {
    let now = ContinuousClock.now
    let isAlone = !rpc.hasNews(besides: node)
    return state.withLock { state in
      state.leap.isCredible(
        tick, from: node, after: state.latest, passed: now - state.heardAt, isAlone: isAlone)
    }
  }

  /// A node that finds itself behind says so by an error, and may know its ledger all the same.
  private func tick(of node: Int) async throws(RPCError) -> LedgerTick {
    do throws(RPCError) {
      return try await rpc.getHealth(.only(node)).latest
    } catch {
      guard error.code == .outcomeUnknown else { throw error }
      return try await rpc.getLatestLedger(.only(node))
    }
  }

  /// With one node there is nothing to compare.
  private func compareFarms(_ node: Int) async throws(RPCError) {
    guard let reader, rpc.settings.endpoints.count > 1 else { return }
    let farm = try await reader.farm(.only(node))
    let now = ContinuousClock.now
    state.withLock { $0.agreement.note(node, farm.sighting, at: now) }
  }

  private func watchForStalls() async {
    while !Task.isCancelled {
      let now = ContinuousClock.now
      let isStalled = state.withLock { state in
        guard now - state.seenAt > settings.stallLimit else { return false }
        state.seenAt = now
        return true
      }
      if isStalled { release { _ in true } }
      try? await Task.sleep(for: min(settings.interval, settings.stallLimit))
    }
  }

  private func name(_ node: Int) -> Logger.Metadata {
    ["node": "\(rpc.settings.name(of: node))"]
  }
}
