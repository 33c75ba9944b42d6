/// Limits of frames and streams, each with its reason. Source: PROTOCOL.md, "Limits".
package enum RPCLimits {
  package static let frameHeaderBytes = 8
  /// What one record's plain text has (u16 length less the tag).
  package static let plainBytesMax = 65_519
  /// What several messages share of a record. The peer opens one while the next is made, and less of
  /// it is padding; above this the syscall for each record no longer counts.
  package static let sharedPlainBytesMax = 4_096
  package static let framePayloadBytesMax = plainBytesMax - frameHeaderBytes
  /// Text of GOAWAY and CLOSE.
  package static let closeTextBytesMax = 256
  /// Headers and trailers: a request id and a few short texts.
  package static let headersBytesMax = 8_192
  package static let metadataEntriesMax = 32
  /// No credit above this: sums stay in range on every machine.
  package static let creditMax = Int(Int32.max)
  /// Control frames in 10 s: far above what an honest peer needs, far below a flood.
  package static let controlFramesPer10s = 100.0
  /// Cancels in 10 s before the peer is told to calm down (rapid reset).
  package static let resetsPer10s = 50.0
  /// CREDIT frames beyond two for each DATA frame.
  package static let creditFramesSpare = 16
  /// Unary calls without a deadline of their own; also the longest one that may be asked for.
  package static let deadlineMsDefault: UInt32 = 10_000
  package static let deadlineMsMax: UInt32 = 120_000
}
