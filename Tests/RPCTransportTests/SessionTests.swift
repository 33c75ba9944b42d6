import Bytes
import FramedRPC
import PoolProtocol
import RPCTransport
import SecureChannel
import Testing

/// Server and agent over real sockets.
@Suite(.timeLimit(.minutes(1))) struct SessionTests {
  let agent = StaticKeyPair(owner: .agent)

  @Test func aKnownAgentCallsAndIsAnswered() async throws {
    try await Loopback.run(authority: TestAuthority(agents: [agent.publicKey])) { loopback in
      let session = try await loopback.connect(agent)
      #expect(session.outcome.verdict == .accepted)
      #expect(session.outcome.displayName == "known as rig")
      #expect(loopback.server.sessions.map(\.id) == [session.outcome.sessionID])
      let reply = try await session.call(Control.plant, PlantRequest(blockIndex: 5))
      #expect(reply == PlantReply(blockIndex: 5, farmers: 3, already: false))
      session.close()
      #expect(await session.waitForEnd()?.code == .done)
      #expect(await loopback.authority.nextEnd()?.code == .done)
    }
  }

  @Test func errorsArriveWithTheirDetails() async throws {
    try await Loopback.run(authority: TestAuthority(agents: [agent.publicKey])) { loopback in
      let session = try await loopback.connect(agent)
      await #expect(
        throws: RPCError(
          .failedPrecondition, "no such block", detail: .staleBlock(currentBlockIndex: 9))
      ) { try await session.call(Control.plant, PlantRequest(blockIndex: 0)) }
      await #expect {
        try await session.call(Health.report, HealthReport())
      } throws: { ($0 as? RPCError)?.code == .unimplemented }
    }
  }

  @Test func aServersStreamComesWholeAndInOrder() async throws {
    try await Loopback.run(authority: TestAuthority(agents: [agent.publicKey])) { loopback in
      let session = try await loopback.connect(agent)
      let got = try await session.withStream(Control.facts, FactsRequest()) { facts in
        var got: [UInt32] = []
        for try await one in facts { got.append(one.ledgerSequence) }
        return got
      }
      #expect(got == Array(1...100))
    }
  }

  @Test func messagesGoBothWaysAtOnce() async throws {
    try await Loopback.run(authority: TestAuthority(agents: [agent.publicKey])) { loopback in
      let session = try await loopback.connect(agent)
      let count: UInt64 = 3_000
      let acks = try await session.withStream(Work.nonces) { writer, acks in
        async let sent: Void = {
          for nonce in 0..<count {
            try await writer.write(
              .found(
                NonceFound(
                  handle: nonce % 7, blockIndex: 4, nonce: nonce, zeros: 6, hashesDone: nonce)))
          }
          writer.finish()
        }()
        var got: [UInt64] = []
        for try await ack in acks { got.append(ack.nonce) }
        try await sent
        return got
      }
      #expect(acks == Array(0..<count))
    }
  }

  @Test func manyCallsAreInFlightAtOnce() async throws {
    try await Loopback.run(authority: TestAuthority(agents: [agent.publicKey])) { loopback in
      let session = try await loopback.connect(agent)
      try await withThrowingTaskGroup(of: Bool.self) { group in
        for index in UInt32(1)...100 {
          group.addTask {
            try await session.call(Control.plant, PlantRequest(blockIndex: index)).blockIndex
              == index
          }
        }
        for try await isRight in group { #expect(isRight) }
      }
    }
  }

  @Test func largeMessagesOfManyStreamsPass() async throws {
    let set = AssignmentSet(
      version: 1, blockIndex: 3, entropy: Bytes32([UInt8](repeating: 5, count: 32))!, maxZeros: 9,
      remainingMs: 1_000,
      assignments: (0..<5_000).map {
        Assignment(
          handle: $0, farmerKey: Bytes32([UInt8](repeating: UInt8($0 & 255), count: 32))!,
          nonces: UInt64.max / 2...UInt64.max, bestZeros: $0.isMultiple(of: 2) ? 4 : nil)
      })
    let bytes = set.pack().count
    #expect(bytes > 300_000 && bytes < MessageLimits.assignments)
    var services = RPCServices()
    services.handle(Work.assignments) { _, writer, _ in
      for _ in 0..<4 { try await writer.write(set) }
    }
    try await Loopback.run(
      authority: TestAuthority(agents: [agent.publicKey]), services: services
    ) { loopback in
      let session = try await loopback.connect(agent)
      try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<8 {
          group.addTask {
            try await session.withStream(Work.assignments, AssignmentsRequest()) { sets in
              var count = 0
              for try await got in sets where got == set { count += 1 }
              return count
            }
          }
        }
        for try await count in group { #expect(count == 4) }
      }
    }
  }

  @Test func aDeadlineEndsTheCallAndItsHandler() async throws {
    let (cancelled, continuation) = AsyncStream<Void>.makeStream()
    var services = RPCServices()
    services.handle(Control.plant) { _, context in
      #expect(context.deadline != nil)
      do { try await Task.sleep(for: .seconds(30)) } catch {
        continuation.yield()
        throw error
      }
      return PlantReply(blockIndex: 0, farmers: 0, already: false)
    }
    try await Loopback.run(
      authority: TestAuthority(agents: [agent.publicKey]), services: services
    ) { loopback in
      let session = try await loopback.connect(agent)
      await #expect {
        try await session.call(
          Control.plant, PlantRequest(blockIndex: 1), deadline: .seconds(2))
      } throws: { ($0 as? RPCError)?.code == .deadlineExceeded }
      for await _ in cancelled { break }
    }
  }

  @Test func anEndedStreamCancelsItsHandler() async throws {
    let (cancelled, continuation) = AsyncStream<Bool>.makeStream()
    var services = RPCServices()
    services.handle(Control.facts) { _, writer, _ in
      do {
        for sequence in UInt32(1)... { try await writer.write(.test(sequence)) }
      } catch {
        continuation.yield(true)
        throw error
      }
    }
    try await Loopback.run(
      authority: TestAuthority(agents: [agent.publicKey]), services: services
    ) { loopback in
      let session = try await loopback.connect(agent)
      let first = try await session.withStream(Control.facts, FactsRequest()) { facts in
        for try await one in facts { return one.ledgerSequence }
        return 0
      }
      #expect(first == 1)
      for await isCancelled in cancelled {
        #expect(isCancelled)
        break
      }
    }
  }

  @Test func anAgentThatWaitsForApprovalHasControlAlone() async throws {
    try await Loopback.run(authority: TestAuthority(pending: [agent.publicKey])) { loopback in
      let session = try await loopback.connect(agent)
      #expect(session.outcome.verdict == .pending)
      let first = try await session.withStream(Control.facts, FactsRequest()) { facts in
        for try await one in facts { return one.ledgerSequence }
        return 0
      }
      #expect(first == 1)
      await #expect {
        try await session.call(Control.plant, PlantRequest(blockIndex: 5))
      } throws: { ($0 as? RPCError)?.code == .permissionDenied }
      await #expect {
        try await session.withStream(Work.nonces) { _, acks in for try await _ in acks {} }
      } throws: { ($0 as? RPCError)?.code == .permissionDenied }
    }
  }
}
