/// What Soroban transactions cost, as the network computes it: every part rounds up alone.
/// Source: rs-soroban-env, soroban-env-host/src/fees.rs.
package struct ResourceFees: Hashable, Sendable {
  /// What a transaction uses or declares.
  package struct Use: Hashable, Sendable {
    package var instructions: Int64
    package var diskReadEntries: Int64
    package var writeEntries: Int64
    package var diskReadBytes: Int64
    package var writeBytes: Int64
    package var eventBytes: Int64
    package var transactionBytes: Int64

    package init(
      instructions: Int64, diskReadEntries: Int64, writeEntries: Int64, diskReadBytes: Int64,
      writeBytes: Int64, eventBytes: Int64, transactionBytes: Int64
    ) {
      self.instructions = instructions
      self.diskReadEntries = diskReadEntries
      self.writeEntries = writeEntries
      self.diskReadBytes = diskReadBytes
      self.writeBytes = writeBytes
      self.eventBytes = eventBytes
      self.transactionBytes = transactionBytes
    }
  }

  // Stroops, each for what its name says.
  package var per10KInstructions: Int64
  package var perDiskReadEntry: Int64
  package var perWriteEntry: Int64
  package var perDiskRead1KB: Int64
  package var perWrite1KB: Int64
  package var perHistorical1KB: Int64
  package var perEvent1KB: Int64
  package var perTransaction1KB: Int64

  package init(
    per10KInstructions: Int64, perDiskReadEntry: Int64, perWriteEntry: Int64,
    perDiskRead1KB: Int64, perWrite1KB: Int64, perHistorical1KB: Int64, perEvent1KB: Int64,
    perTransaction1KB: Int64
  ) {
    self.per10KInstructions = per10KInstructions
    self.perDiskReadEntry = perDiskReadEntry
    self.perWriteEntry = perWriteEntry
    self.perDiskRead1KB = perDiskRead1KB
    self.perWrite1KB = perWrite1KB
    self.perHistorical1KB = perHistorical1KB
    self.perEvent1KB = perEvent1KB
    self.perTransaction1KB = perTransaction1KB
  }

  /// The public network's rates since early 2026 (SLP-4).
  package static let mainnet = ResourceFees(
    per10KInstructions: 7, perDiskReadEntry: 1563, perWriteEntry: 2500, perDiskRead1KB: 447,
    perWrite1KB: 875, perHistorical1KB: 4059, perEvent1KB: 5000, perTransaction1KB: 406)

  /// How many bytes history keeps of every transaction beside the transaction itself.
  private static let historyBaseBytes: Int64 = 300

  /// Kept whether the call succeeds or not. Stroops.
  package func nonRefundable(_ use: Use) -> Int64 {
    ceilDivide(use.instructions * per10KInstructions, 10_000)
      + use.diskReadEntries * perDiskReadEntry + use.writeEntries * perWriteEntry
      + kilobytes(use.diskReadBytes, perDiskRead1KB) + kilobytes(use.writeBytes, perWrite1KB)
      + kilobytes(use.transactionBytes + Self.historyBaseBytes, perHistorical1KB)
      + kilobytes(use.transactionBytes, perTransaction1KB)
  }

  /// What events cost, given back where unused; rent comes on top. Stroops.
  package func refundable(_ use: Use) -> Int64 { kilobytes(use.eventBytes, perEvent1KB) }
}

func ceilDivide(_ a: Int64, _ b: Int64) -> Int64 {
  let (quotient, remainder) = a.quotientAndRemainder(dividingBy: b)
  return remainder > 0 ? quotient + 1 : quotient
}

func kilobytes(_ bytes: Int64, _ rate: Int64) -> Int64 { ceilDivide(bytes * rate, 1024) }
