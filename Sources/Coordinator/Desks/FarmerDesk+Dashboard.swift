package import Bridge
import Bytes
import KaleRules
import Pool
import Store

/// What a farmer sees.
extension FarmerDesk {
  package func poolers() async throws -> [API.Pooler] {
    let block = await engine.read { state, view in view?.farmIndex ?? state.block?.block }
    let figures = try await performance.figures(at: block)
    return await engine.read { state, view in
      PoolerOffer.ranked(
        state.poolers.values.map { PoolerOffer($0, in: state, view, figures[$0.id]) })
    }
  }

  package func dashboard(farmer: API.FarmerID) async throws -> API.Dashboard {
    let block = await engine.read { state, view in view?.farmIndex ?? state.block?.block }
    let figures = try await performance.figures(at: block)
    var dashboard = try await standing(of: farmer) { [settings, pace] standing in
      API.Dashboard(
        standing, figures: figures, hint: settings.fundingHint, pace: pace, now: WallClock.now)
    }
    let losses = try await history.losses(farmer: farmer.rawValue)
    dashboard.stakeLost = API.Amount(stroops: losses.all.rawValue)
    dashboard.stakeLostByPooler = API.Amount(stroops: losses.byPooler.rawValue)
    if dashboard.leaving != nil { dashboard.leaving = try await leaving(farmer) }
    return dashboard
  }

  package func events(farmer: API.FarmerID) async throws -> AsyncStream<API.Event> {
    _ = try await standing(of: farmer) { _ in true }
    let changes = await engine.changes()
    // A page that lags reads again whatever it missed.
    let (events, continuation) = AsyncStream.makeStream(
      of: API.Event.self, bufferingPolicy: .bufferingNewest(Self.eventsBuffered))
    let task = Task {
      var watcher = FarmerWatcher(desk: self, farmer: farmer)
      for await change in changes {
        for event in await watcher.events(for: change) { continuation.yield(event) }
      }
      continuation.finish()
    }
    continuation.onTermination = { _ in task.cancel() }
    return events
  }

  static let eventsBuffered = 64
}

extension API.Dashboard {
  /// All that the state knows; losses and the time of an exit's request are in the history.
  fileprivate init(
    _ standing: Standing, figures: PoolerPerformance.Figures, hint: String?, pace: Pace,
    now: Int64
  ) {
    let farmer = standing.farmer
    let membership = standing.membership
    self.init(
      now: API.Timestamp(unixSeconds: now), handle: farmer.handle, status: standing.status,
      nextStep: standing.nextStep(fundingHint: hint), wallet: standing.wallet,
      pooler: membership == nil
        ? nil
        : standing.pooler.map {
          PoolerOffer($0, in: standing.state, standing.view, figures[$0.id]).shown
        },
      membership: membership, settings: standing.settings, block: standing.block(pace),
      unharvestedBlocks: farmer.plantings.values.count { $0.phase != .wanted },
      unharvestedStake: API.Amount(stroops: standing.staked),
      rewardsSinceJoining: API.Amount(stroops: farmer.agreement?.rewards.rawValue ?? 0),
      stakeLost: API.Amount(stroops: 0), stakeLostByPooler: API.Amount(stroops: 0),
      leaving: standing.leaving, advice: standing.advice)
  }
}
