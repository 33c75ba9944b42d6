/// How fast ledgers are meant to close (`ConfigSettingSCPTiming`). Milliseconds.
package struct ConsensusTimingSetting: XDRCodable {
  package var ledgerTargetClose: UInt32
  package var nominationTimeoutInitial: UInt32
  package var nominationTimeoutIncrement: UInt32
  package var ballotTimeoutInitial: UInt32
  package var ballotTimeoutIncrement: UInt32

  package init(
    ledgerTargetClose: UInt32, nominationTimeoutInitial: UInt32, nominationTimeoutIncrement: UInt32,
    ballotTimeoutInitial: UInt32, ballotTimeoutIncrement: UInt32
  ) {
    self.ledgerTargetClose = ledgerTargetClose
    self.nominationTimeoutInitial = nominationTimeoutInitial
    self.nominationTimeoutIncrement = nominationTimeoutIncrement
    self.ballotTimeoutInitial = ballotTimeoutInitial
    self.ballotTimeoutIncrement = ballotTimeoutIncrement
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    ledgerTargetClose = try reader.u32()
    nominationTimeoutInitial = try reader.u32()
    nominationTimeoutIncrement = try reader.u32()
    ballotTimeoutInitial = try reader.u32()
    ballotTimeoutIncrement = try reader.u32()
  }

  package func encode(to writer: inout XDRWriter) {
    writer.u32(ledgerTargetClose)
    writer.u32(nominationTimeoutInitial)
    writer.u32(nominationTimeoutIncrement)
    writer.u32(ballotTimeoutInitial)
    writer.u32(ballotTimeoutIncrement)
  }
}
