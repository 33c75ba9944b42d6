import Bytes
import CProtobufC
import CTestProtos
import Foundation
import FramedRPC
import Testing

@testable import PoolProtocol

/// What libprotobuf-c would make of hostile bytes, and what we let it.
@Suite struct HostileMessageTests {
  typealias Hostile = Kalepool__Test__Hostile

  static func read(_ bytes: [UInt8], fieldsMax: Int = MessageLimits.fields) throws(MessageError)
    -> Hostile
  {
    try CMessage.read(
      bytes, max: MessageLimits.assignments, fieldsMax: fieldsMax, test_message_hostile(),
      kalepool__test__hostile__unpack, kalepool__test__hostile__free_unpacked
    ) { (m) throws(MessageError) in m }
  }

  static func nested(_ levels: Int) -> [UInt8] {
    (0..<levels).reduce([]) { inner, _ in [0x0A] + HostileBytes.varint(UInt64(inner.count)) + inner
    }
  }

  static func packed(_ field: UInt64, _ content: [UInt8]) -> [UInt8] {
    HostileBytes.varint(field << 3 | 2) + HostileBytes.varint(UInt64(content.count)) + content
  }

  /// Whether they are refused before libprotobuf-c sees them, with these words.
  static func isRefused(_ bytes: [UInt8], _ words: String, fieldsMax: Int = MessageLimits.fields)
    -> Bool
  {
    do throws(MessageError) { _ = try read(bytes, fieldsMax: fieldsMax) } catch {
      return error.message.contains(words)
    }
    return false
  }

  @Test func depthIsBounded() throws {
    // One message holds the others.
    _ = try Self.read(Self.nested(MessageLimits.depth - 1))
    #expect(Self.isRefused(Self.nested(MessageLimits.depth), "nested too deep"))
    #expect(Self.isRefused(Self.nested(10_000), "nested too deep"))
  }

  @Test func fieldsAreCountedWithWhatLiesInThem() throws {
    // Ten messages in the list, each with three empty texts: 40 fields.
    let one = [0x32, 0x00, 0x32, 0x00, 0x32, 0x00] as [UInt8]
    let bytes = Array(repeatElement([0x12, 6] + one, count: 10).joined())
    #expect(try Self.read(bytes, fieldsMax: 40).n_list == 10)
    #expect(Self.isRefused(bytes, "too many fields", fieldsMax: 39))
  }

  @Test(arguments: [(3, 1), (4, 4), (5, 8), (12, 1)])
  func packedElementsCount(_ field: UInt64, _ width: Int) throws {
    let bytes = Self.packed(field, [UInt8](repeating: 0, count: 100 * width))
    _ = try Self.read(bytes, fieldsMax: 101)
    #expect(Self.isRefused(bytes, "too many fields", fieldsMax: 100))
  }

  @Test func unknownFieldsAreFew() throws {
    let one = HostileBytes.varint(500 << 3) + [0x01]
    let most = Array(repeatElement(one, count: MessageLimits.unknownFields).joined())
    #expect(Int(try Self.read(most).base.n_unknown_fields) == MessageLimits.unknownFields)
    #expect(Self.isRefused(most + one, "too many unknown fields"))
    // In an inner message they count the same.
    #expect(Self.isRefused(Self.packed(1, most) + one, "too many unknown fields"))
  }

  @Test(
    arguments: [
      ("eleven bytes", [0x40] + [UInt8](repeating: 0x80, count: 10) + [0x00], "too long"),
      ("more than 64 bits", [0x40] + [UInt8](repeating: 0xFF, count: 9) + [0x02], "too long"),
      ("a key of six bytes", [0xC0, 0x80, 0x80, 0x80, 0x80, 0x00, 0x01], "too long"),
      ("a length of six bytes", [0x3A, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00], "too long"),
      ("in a packed field", packed(3, [UInt8](repeating: 0x80, count: 11)), "too long"),
      ("cut off in a packed field", packed(3, [0x80]), "cut off"),
      ("a length beyond the end", [0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F], "cut off"),
      ("a group", [0x43, 0x44], "wire type"), ("field 0", [0x00, 0x01], "no such field"),
    ] as [(String, [UInt8], String)])
  func malformedNumbers(_ name: String, _ bytes: [UInt8], _ words: String) {
    #expect(Self.isRefused(bytes, words), "\(name)")
  }

  @Test func aNumberMayHaveTenBytes() throws {
    let bytes = [0x40] + [UInt8](repeating: 0xFF, count: 9) + [0x01]
    #expect(try Self.read(bytes).number == Int64.min)
  }

  /// Wherever the memory ends, libprotobuf-c gives up cleanly; the sanitizer's run sees the leaks.
  @Test func memoryThatEndsAnywhereIsARefusal() throws {
    let bytes =
      Self.nested(3) + [0x12, 0x02, 0x4A, 0x00] + Self.packed(3, [1, 2, 3])
      + Self.packed(7, [9, 9]) + Self.packed(6, [0x61]) + [0x4A, 0x01, 0x62]
      + HostileBytes.varint(90 << 3) + [0x01] + Self.packed(10, [0x40, 0x01])
    func isRead(_ limit: Int) throws -> Bool {
      try CappedAllocator.with(bytes: limit) { (allocator) throws(MessageError) in
        guard let message = kalepool__test__hostile__unpack(allocator, bytes.count, bytes) else {
          return false
        }
        kalepool__test__hostile__free_unpacked(message, allocator)
        return true
      }
    }
    let enough = try #require(try (0..<10_000).first { try isRead($0) })
    #expect(enough > 500)
    #expect(try (0..<enough).allSatisfy { try !isRead($0) })
    #expect(enough <= CappedAllocator.bytesMax(messageBytes: bytes.count))
  }

  /// 4 KiB of empty assignments would be 160 KiB of heap: above eight times their size.
  @Test func amplificationIsRefused() throws {
    let bytes = Array(repeatElement([0x12, 0x00] as [UInt8], count: 20_000).joined())
    #expect(Self.isRefused(bytes, "no Hostile"))
    #expect(!Self.isRefused(bytes, "too many"))
  }

  @Test func aFullSetIsRead() throws {
    let key = Bytes32([UInt8](repeating: 0xFF, count: 32))!
    let set = AssignmentSet(
      version: .max, blockIndex: .max, entropy: key, maxZeros: 64, remainingMs: .max,
      assignments: (0..<MessageLimits.assignmentsPerSet).map { _ in
        Assignment(
          handle: .max, farmerKey: key, nonces: UInt64.max...UInt64.max, bestZeros: 64)
      })
    #expect(try AssignmentSet(unpacking: set.pack()) == set)
  }

  /// Found by the fuzzer: a number above Int32.max stopped the agent.
  @Test(arguments: [[0x20, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F], [0x20, 0x05]] as [[UInt8]])
  func verdictsOfLaterVersionsAreUnspecified(_ bytes: [UInt8]) throws {
    #expect(try NonceAck(unpacking: bytes).verdict == .unspecified)
  }

  /// As many as `KALEPOOL_BOMBS` says, in a process of their own whose memory is looked at.
  @Test func bombsCostNoMemory() async {
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardOutputContent]
    ) {
      let environment = ProcessInfo.processInfo.environment
      let count = environment["KALEPOOL_BOMBS"].flatMap { Int($0) } ?? 5_000
      let growth = HostileMessageTests.explode(count)
      print("bombs: \(count), RSS growth \(growth / 1_024) KiB")
      precondition(growth <= 16 << 20, "grew by \(growth) bytes")
    }
    if let result { print(String(decoding: result.standardOutputContent, as: UTF8.self)) }
  }

  /// Reads `count` bombs and gives the growth of resident memory in bytes, at its peak.
  static func explode(_ count: Int) -> Int {
    var bombs = HostileBytes(seed: 1)
    var taken = 0
    var start = 0
    // The first ones fill the caches that stay.
    for at in -500..<count {
      if at == 0 { start = resident() }
      let target = Target.all[Int(bombs.next() % UInt64(Target.all.count))]
      let bytes = bombs.make(
        Int(bombs.next() % UInt64(HostileBytes.kinds)), template: target.template,
        bytesMax: target.bytesMax)
      if (try? target.read(bytes)) != nil { taken += 1 }
    }
    precondition(
      (count / 100...count).contains(taken), "the bombs are all alike: \(taken) taken")
    return peak() - start
  }

  /// A message of ours, or the hostile one.
  struct Target: Sendable {
    let template: [UInt8]
    let bytesMax: Int
    let read: @Sendable ([UInt8]) throws -> Void

    init(_ template: [UInt8], _ bytesMax: Int, _ read: @escaping @Sendable ([UInt8]) throws -> Void)
    {
      self.template = template
      self.bytesMax = bytesMax
      self.read = read
    }

    init<M: RPCMessage>(_ message: M, _ bytesMax: Int = MessageLimits.small) {
      self.init(message.pack(), bytesMax) { _ = try M(unpacking: $0) }
    }

    static let all: [Target] = [
      Target(packed(7, [1, 2, 3]) + nested(4), MessageLimits.assignments) {
        _ = try HostileMessageTests.read($0)
      },
      Target(
        AssignmentSet(
          version: 7, blockIndex: 8, entropy: .zero, maxZeros: 9, remainingMs: 10,
          assignments: (0..<9).map {
            Assignment(handle: $0, farmerKey: .zero, nonces: 0...$0, bestZeros: 3)
          }), MessageLimits.assignments),
      Target(
        NonceReport.found(
          NonceFound(handle: 1, blockIndex: 2, nonce: 3, zeros: 4, hashesDone: 5))),
      Target(NonceAck(handle: 1, blockIndex: 2, nonce: 3, verdict: .stale, zeros: 4)),
      Target(HealthReport()), Target(PlantRequest(blockIndex: 5)),
    ]
  }

  /// Resident bytes now, and the most there were.
  private static func resident() -> Int { status("VmRSS:") }
  private static func peak() -> Int { status("VmHWM:") }

  private static func status(_ name: String) -> Int {
    let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix(name) } ?? ""
    let kibibytes = line.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }.first
    return (kibibytes ?? .max / 2_048) * 1_024
  }
}
