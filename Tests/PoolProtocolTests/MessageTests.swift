import Bytes
import FramedRPC
import Testing

@testable import PoolProtocol

@Suite struct MessageTests {
  func roundTrip<M: RPCMessage & Equatable>(_ message: M) throws {
    #expect(try M(unpacking: message.pack()) == message)
  }

  @Test func everyMessageComesBack() throws {
    let all = Bytes32([UInt8](repeating: 0xFF, count: 32))!
    try roundTrip(PlantRequest(blockIndex: 0))
    try roundTrip(PlantRequest(blockIndex: .max))
    try roundTrip(PlantReply(blockIndex: 1, farmers: .max, already: true))
    try roundTrip(FactsRequest())
    try roundTrip(
      FarmFacts(
        ledgerSequence: .max, ledgerCloseTimeS: .max, blockIndex: 1, blockOpenedAtS: 2,
        blockSeconds: 300, ledgerIntervalMs: 5_000, nextOpenInMs: 0, accepting: true))
    try roundTrip(AssignmentsRequest())
    for count in [0, 1, 1_000] {
      try roundTrip(
        AssignmentSet(
          version: .max, blockIndex: 3, entropy: count == 0 ? .zero : all, maxZeros: 64,
          remainingMs: 9,
          assignments: (0..<count).map {
            Assignment(
              handle: UInt64($0), farmerKey: all, nonces: UInt64($0)...UInt64.max,
              bestZeros: $0.isMultiple(of: 3) ? nil : $0 % 10)
          }))
    }
    try roundTrip(
      NonceReport.found(
        NonceFound(handle: .max, blockIndex: 1, nonce: .max, zeros: 64, hashesDone: .max)))
    try roundTrip(NonceReport.done(WorkDone(handle: 0, blockIndex: 0, hashesDone: 0)))
    try roundTrip(NonceReport.adopted(version: 0))
    for verdict: NonceVerdict in [.accepted, .stale, .invalid, .notBetter, .unspecified] {
      try roundTrip(NonceAck(handle: 1, blockIndex: 2, nonce: 3, verdict: verdict, zeros: 0))
    }
    var report = HealthReport()
    try roundTrip(report)
    report.temperatureCelsius = -40
    report.hashesTotal = .max
    try roundTrip(report)
    try roundTrip(HealthReply())
    try roundTrip(CapacityReport(hashesPerSecond: .max, farmersMax: nil))
    try roundTrip(CapacityReport(hashesPerSecond: 0, farmersMax: 7))
    try roundTrip(CapacityReply())
  }

  @Test func aFullSetFitsItsLimit() {
    let all = Bytes32([UInt8](repeating: 0xFF, count: 32))!
    let largest = AssignmentSet(
      version: .max, blockIndex: .max, entropy: all, maxZeros: 64, remainingMs: .max,
      assignments: (0..<MessageLimits.assignmentsPerSet).map { _ in
        Assignment(
          handle: .max, farmerKey: all, nonces: UInt64.max...UInt64.max, bestZeros: 64)
      })
    #expect(largest.pack().count <= MessageLimits.assignments)
  }

  @Test(
    arguments: [
      ("a field cut off", [0x08]), ("a length beyond the end", [0x2A, 0x10, 0x01]),
      ("a wire type that does not exist", [0x0F]), ("nothing said", []),
      ("zeros above 64", [0x0A, 0x02, 0x20, 0x41]),
    ] as [(String, [UInt8])])
  func malformedReportsAreErrors(_ name: String, _ bytes: [UInt8]) {
    #expect(throws: MessageError.self) { try NonceReport(unpacking: bytes) }
  }

  @Test func wrongLengthsAndEmptyRangesAreErrors() {
    // An assignment with a farmer key of one byte.
    #expect(throws: MessageError.self) {
      try AssignmentSet(unpacking: [0x32, 0x03, 0x12, 0x01, 0x01])
    }
    // nonce_first 5, nonce_last 0.
    var one: [UInt8] = [0x12, 0x20] + [UInt8](repeating: 1, count: 32) + [0x18, 0x05]
    one = [0x32, UInt8(one.count)] + one
    #expect(throws: MessageError.self) { try AssignmentSet(unpacking: one) }
    #expect(throws: MessageError.self) { try AssignmentSet(unpacking: [0x1A, 0x01, 0x01]) }
    let tooLong = [UInt8](repeating: 0, count: MessageLimits.small + 1)
    #expect(throws: MessageError.self) { try PlantRequest(unpacking: tooLong) }
  }

  @Test func anyBytesGiveAMessageOrAnError() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<20_000 {
      let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      _ = try? AssignmentSet(unpacking: bytes)
      _ = try? NonceReport(unpacking: bytes)
      _ = try? HealthReport(unpacking: bytes)
      _ = try? FarmFacts(unpacking: bytes)
    }
  }
}
