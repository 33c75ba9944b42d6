import Foundation
import FramedRPC
import RPCBench
import RPCTransport
import SecureChannel
import Synchronization
import Testing

/// The largest messages on many streams at once, on real sockets.
///
/// `KALEPOOL_FULL_COUNTS`: two hundred messages a stream instead of a few.
@Suite(.timeLimit(.minutes(10))) struct FlowControlTests {
  static let messages =
    ProcessInfo.processInfo.environment["KALEPOOL_FULL_COUNTS"] != nil ? 200 : 4
  static let streams = 8

  let agent = StaticKeyPair(owner: .agent)

  func run(_ body: (RPCSession) async throws -> Void) async throws {
    try await Loopback.run(
      authority: TestAuthority(agents: [agent.publicKey]), services: .blobs
    ) { loopback in try await body(try await loopback.connect(agent)) }
  }

  @Test func aStalledReaderStopsNobodyElse() async throws {
    try await run { session in
      let (others, othersAreDone) = AsyncStream<Void>.makeStream()
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          try await session.withStream(Blobs.flood, [0]) { blobs in
            var blobs = blobs.makeAsyncIterator()
            _ = try await blobs.next()
            // Until all the others have all of theirs.
            for await _ in others {}
            for number in 1..<Self.messages {
              let blob = try await blobs.next()
              #expect(blob == Blobs.blob(number))
            }
          }
        }
        try await withThrowingTaskGroup(of: Void.self) { lively in
          for _ in 1..<Self.streams {
            lively.addTask {
              try await session.withStream(Blobs.flood, [0]) { blobs in
                var blobs = blobs.makeAsyncIterator()
                for number in 0..<Self.messages {
                  let blob = try await blobs.next()
                  #expect(blob == Blobs.blob(number))
                }
              }
            }
          }
          try await lively.waitForAll()
        }
        othersAreDone.finish()
        try await group.waitForAll()
      }
    }
  }

  /// Both ends write all they have before either is done reading: nobody waits for ever.
  @Test func bothEndsWriteAtOnce() async throws {
    try await run { session in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<Self.streams {
          group.addTask {
            try await session.withStream(Blobs.echo) { writer, blobs in
              async let written: Void = {
                for number in 0..<Self.messages { try await writer.write(Blobs.blob(number)) }
                writer.finish()
              }()
              var number = 0
              for try await blob in blobs {
                #expect(blob == Blobs.blob(number))
                number += 1
              }
              #expect(number == Self.messages)
              try await written
            }
          }
        }
        try await group.waitForAll()
      }
    }
  }

  /// A writer is never further ahead of a slow reader than credit and its own queue allow.
  @Test func aSlowReaderHoldsItsWriterBack() async throws {
    let written = Mutex(0)
    var services = RPCServices()
    services.handle(Blobs.flood) { _, writer, _ in
      for number in 0... {
        try await writer.write(Blobs.blob(number))
        written.withLock { $0 += 1 }
      }
    }
    try await Loopback.run(
      authority: TestAuthority(agents: [agent.publicKey]), services: services
    ) { loopback in
      let session = try await loopback.connect(agent)
      try await session.withStream(Blobs.flood, [0]) { blobs in
        var blobs = blobs.makeAsyncIterator()
        for number in 0..<Self.messages * 2 {
          for _ in 0..<1_000 { await Task.yield() }
          let blob = try await blobs.next()
          #expect(blob == Blobs.blob(number))
          // Half of the connection's credit, one that waits for it, one on its way to the queue.
          #expect(written.withLock { $0 } <= number + 4)
        }
      }
    }
  }
}
