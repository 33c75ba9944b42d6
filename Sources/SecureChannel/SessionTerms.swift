/// What the server says in READY and both sides then hold to, for both directions alike.
package struct SessionTerms: Sendable, Hashable {
  package var pingIntervalMs: UInt32 = 4_000
  /// At least twice the interval. A pulled cable is noticed within 10 s, with a second to spare.
  package var deadAfterMs: UInt32 = 9_000
  /// Streams each side may have open.
  package var streamsMax: UInt32 = 128
  package var connectionCreditBytes: UInt32 = 1_048_576
  package var streamCreditMessages: UInt32 = 256
  /// At most half the connection's credit, or one message could block all others.
  package var messageBytesMax: UInt32 = 524_288
  package var retryAfterMs: UInt32 = 0
  /// Unix time in ms, for display only.
  package var serverTimeMs: UInt64 = 0

  package init() {}

  init(_ field: [UInt8]) {
    precondition(field.count == 36)
    pingIntervalMs = field.bigEndian(at: 0)
    deadAfterMs = field.bigEndian(at: 4)
    streamsMax = field.bigEndian(at: 8)
    connectionCreditBytes = field.bigEndian(at: 12)
    streamCreditMessages = field.bigEndian(at: 16)
    messageBytesMax = field.bigEndian(at: 20)
    retryAfterMs = field.bigEndian(at: 24)
    serverTimeMs = field.bigEndian(at: 28)
  }

  var encoded: [UInt8] {
    var out: [UInt8] = []
    for value in [
      pingIntervalMs, deadAfterMs, streamsMax, connectionCreditBytes, streamCreditMessages,
      messageBytesMax, retryAfterMs,
    ] { out.append(bigEndian: value) }
    out.append(bigEndian: serverTimeMs)
    return out
  }

  /// Whether a session can work by these; looked at only where one is opened.
  package var hold: Bool {
    pingIntervalMs > 0 && UInt64(deadAfterMs) >= 2 * UInt64(pingIntervalMs) && streamsMax > 0
      && streamCreditMessages > 0 && messageBytesMax > 0
      && connectionCreditBytes <= UInt32(Int32.max)
      && UInt64(messageBytesMax) * 2 <= UInt64(connectionCreditBytes)
  }
}
