import FramedRPC
import PoolProtocol
import RPCTransport

/// What the coordinator says of itself.
extension AgentServer {
  func handleReadiness(_ services: inout RPCServices) {
    services.handle(Readiness.check) { request, _ in
      let status = await status(of: request.service)
      guard status != .serviceUnknown else {
        throw RPCError(.notFound, "there is no service of this name")
      }
      return ReadinessReply(status: status)
    }
    services.handle(Readiness.watch) { request, writer, _ in
      var last: ServingStatus?
      for await _ in latest(await engine.changes(), where: { _ in true }) {
        let status = await status(of: request.service)
        guard status != last else { continue }
        try await writer.write(ReadinessReply(status: status))
        last = status
      }
    }
    services.handle(Reflection.describe) { _, _ in Description.pool }
  }

  private func status(of service: String) async -> ServingStatus {
    let names = Description.pool.services.map(\.name)
    guard service.isEmpty || names.contains(service) else { return .serviceUnknown }
    // Work needs the chain; the others are only words.
    let needsChain = ["", "Control", "Work"].contains(service)
    if needsChain, await engine.currentView() == nil { return .notServing }
    return .serving
  }
}
