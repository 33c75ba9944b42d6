@testable import FramedRPC

extension RPCConnection.Terms {
  static let test = RPCConnection.Terms(
    streamsMax: 8, connectionCreditBytes: 200_000, streamCreditMessages: 16,
    messageBytesMax: 100_000)
}

extension MethodInfo {
  static let test = MethodInfo(
    id: 3, service: "Test", name: "Both", kind: .bidirectional, requestBytesMax: 100_000,
    responseBytesMax: 100_000)
}

/// Two ends joined by a queue of records each way.
struct Pair {
  var agent: RPCConnection
  var server: RPCConnection
  /// Both ends' clock.
  var nowMs: UInt64 = 0

  init(terms: RPCConnection.Terms = .test) {
    agent = RPCConnection(role: .agent, terms: terms)
    server = RPCConnection(role: .server, terms: terms) { $0 == 3 ? .test : nil }
  }

  /// Carries records both ways until nobody has anything to say; what each end was told.
  mutating func settle() throws -> (agent: [RPCConnection.Event], server: [RPCConnection.Event]) {
    var told: (agent: [RPCConnection.Event], server: [RPCConnection.Event]) = ([], [])
    var isQuiet = false
    while !isQuiet {
      isQuiet = true
      while let plain = agent.nextPlain() {
        told.server += try server.receive(plain.bytes, nowMs: nowMs)
        isQuiet = false
      }
      while let plain = server.nextPlain() {
        told.agent += try agent.receive(plain.bytes, nowMs: nowMs)
        isQuiet = false
      }
    }
    return told
  }
}

extension [RPCConnection.Event] {
  /// Without the notes on what left the queue.
  var withoutSent: [RPCConnection.Event] {
    filter { if case .sent = $0 { false } else { true } }
  }
}

struct NothingToSend: Error {}

extension RPCConnection {
  /// The next record, which there must be.
  mutating func record() throws -> Plain {
    guard let plain = nextPlain() else { throw NothingToSend() }
    return plain
  }
}
