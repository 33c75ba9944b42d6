package import NIOCore

/// Limits of sockets and handshakes, each with its reason. Source: PROTOCOL.md, "Limits".
package enum TransportLimits {
  /// Half-done handshakes: 1 MiB of entries, 2 MiB of buffers.
  package static let pendingHandshakes = 4_096
  /// Connections that the kernel keeps until they are taken; beyond, a peer tries again after a second.
  package static let backlog: Int32 = 4_096
  package static let pendingHandshakesPerAddress = 64
  /// A farm behind one address starts at once; a flood does not. Given back on acceptance.
  package static let handshakeBurstPerAddress = 64.0
  package static let handshakesPerSecondPerAddress = 20.0
  /// Addresses remembered for the rate; beyond, those with a full allowance are forgotten.
  package static let addressesMax = 65_536
  /// Of one core, for all handshakes together: sessions' pings come first.
  package static let handshakeShare = 0.5
  /// The whole handshake, not each read (slow-loris).
  package static let handshakeTime = TimeAmount.seconds(5)
  /// From a failing message's last byte to the close, whatever the cause, so that time tells nothing.
  package static let silence = TimeAmount.seconds(1)
  /// Waiting for the peer's CLOSE.
  package static let closeTime = TimeAmount.seconds(2)
  /// A key's time; 2^20 records come first on a busy line.
  package static let rekeyAfter = TimeAmount.hours(1)
  /// New Diffie-Hellman by a new connection, jitter ±10 %.
  package static let sessionAge = TimeAmount.hours(24)
  /// Messages and bytes a writer may have queued before it waits.
  package static let queuedMessagesMax = 256
  package static let queuedBytesMax = 262_144
  /// One connection attempt, TCP and handshake.
  package static let connectTime = TimeAmount.seconds(10)
}
