import Bytes
import Logging
import RPCTransport
import SecureChannel
import Synchronization

extension Agent {
  /// Each coordinator in order (the first `limit` of the list), each of its keys in turn.
  func connect(
    token: EnrolmentToken?, previous: [UInt8]?, limit: Int? = nil
  ) async -> Result<Route, ConnectFailure> {
    var failure: ConnectFailure?
    for at in 0..<(limit ?? settings.coordinators.count) {
      let address = pins.withLock { $0.pinned(settings.coordinators[at]) }
      for serverKey in address.serverKeys where !isEnding {
        do {
          let session = try await connect(address, serverKey, token: token, previous: previous)
          return .success(Route(session: session, coordinator: at))
        } catch {
          let new = ConnectFailure(address: address, serverKey: serverKey, error: error)
          // What a coordinator said of this agent is worth more than that another is away.
          if failure?.isRefusal != true { failure = new }
          // Another key helps only where none was answered.
          if error != .noWelcome { break }
        }
      }
    }
    let first = settings.coordinators[0]
    return .failure(
      failure
        ?? ConnectFailure(address: first, serverKey: first.serverKeys[0], error: .cancelled))
  }

  /// With the key that was offered last, and with the one before it where the coordinator does not
  /// know that one.
  private func connect(
    _ address: CoordinatorAddress, _ serverKey: Bytes32, token: EnrolmentToken?, previous: [UInt8]?
  ) async throws(ConnectError) -> RPCSession {
    let (pair, offered) = keys.withLock { keys in (keys.pair, keyFile { try keys.offered() }) }
    if let offered {
      do {
        let session = try await connect(address, serverKey, offered, nil, previous: nil)
        keyFile { try keys.withLock { try $0.takeOffered(offered) } }
        logger.info("the next key is in use", metadata: ["key": "\(offered.publicText)"])
        return session
      } catch ConnectError.refused(.unknownKey, _) {
        keyFile { try keys.withLock { try $0.withdrawOffered() } }
      }
    }
    return try await connect(address, serverKey, pair, token, previous: previous)
  }

  private func connect(
    _ address: CoordinatorAddress, _ serverKey: Bytes32, _ pair: StaticKeyPair,
    _ token: EnrolmentToken?, previous: [UInt8]?
  ) async throws(ConnectError) -> RPCSession {
    var offer = AgentOffer(
      instance: instance, agentVersion: settings.version, agentName: settings.name)
    offer.previousSession = previous
    let session = try await RPCClient.connect(
      to: address, serverKey: serverKey, agentKey: pair, token: token, offer: offer,
      records: RecordSettings(padding: settings.padding), logger: logger)
    let outcome = session.outcome
    logger.info(
      outcome.verdict == .pending
        ? "connected; waiting for the operator's approval" : "connected",
      metadata: [
        "coordinator": "\(address)",
        "as": "\(outcome.displayName.isEmpty ? settings.name : outcome.displayName)",
        "resumed": "\(outcome.resumed)",
      ])
    return session
  }

  /// Looks for an earlier coordinator of the list while this session lasts.
  func findBetter(than route: Route) async -> Route? {
    while !Task.isCancelled {
      try? await Task.sleep(for: settings.returnAfter)  // Cancelled: seen by the loop.
      guard !Task.isCancelled else { break }
      let found = await connect(
        token: nil, previous: route.session.outcome.sessionID, limit: route.coordinator)
      if case .success(let better) = found { return better }
    }
    return nil
  }

  /// What goes wrong with files of keys is a line in the log: farming goes on with the key in use.
  @discardableResult
  func keyFile<R>(_ body: () throws -> R?) -> R? {
    do { return try body() } catch {
      logger.error("\(error)")
      return nil
    }
  }
}
