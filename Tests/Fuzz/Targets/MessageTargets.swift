import Bytes
import CProtobufC
import CTestProtos
import FramedRPC

@testable import PoolProtocol

extension FuzzTarget {
  /// Every message of the protocol: what is taken comes out again.
  static let messages: [FuzzTarget] =
    [
      message("PlantRequest", [PlantRequest(blockIndex: 1), PlantRequest(blockIndex: .max)]),
      message("PlantReply", [PlantReply(blockIndex: 1, farmers: 300, already: true)]),
      message("FactsRequest", [FactsRequest()]),
      message(
        "FarmFacts",
        [
          FarmFacts(
            ledgerSequence: 1, ledgerCloseTimeS: .max, blockIndex: 2, blockOpenedAtS: 3,
            blockSeconds: 4, ledgerIntervalMs: 5, nextOpenInMs: 6, accepting: true)
        ]),
      message("AssignmentsRequest", [AssignmentsRequest()]),
      message("AssignmentSet", [0, 1, 7].map(set)),
      message(
        "NonceReport",
        [
          .found(NonceFound(handle: 1, blockIndex: 2, nonce: .max, zeros: 9, hashesDone: 5)),
          .done(WorkDone(handle: 1, blockIndex: 2, hashesDone: 3)), .adopted(version: 4),
        ] as [NonceReport]),
      message(
        "NonceAck", [NonceAck(handle: 1, blockIndex: 2, nonce: 3, verdict: .invalid, zeros: 5)]),
      message("HealthReport", [report, HealthReport()]),
      message("HealthReply", [HealthReply()]),
      message("CapacityReport", [CapacityReport(hashesPerSecond: 1 << 40, farmersMax: 7)]),
      message("CapacityReply", [CapacityReply()]),
      message("RotateKeyRequest", [RotateKeyRequest(proof: [UInt8](repeating: 1, count: 128))]),
      message("RotateKeyReply", [RotateKeyReply(expiresAtS: .max)]),
      message("ServerKeysRequest", [ServerKeysRequest()]),
      message(
        "ServerKeysReply", [ServerKeysReply(keys: [.zero]), ServerKeysReply(keys: [.zero, .zero])]),
    ] + [headers, trailers, hostile]

  private static var report: HealthReport {
    var report = HealthReport()
    report.assignmentsVersion = 1
    report.temperatureCelsius = -3
    report.errors = .max
    return report
  }

  private static func set(_ count: Int) -> AssignmentSet {
    AssignmentSet(
      version: 1, blockIndex: 2, entropy: .zero, maxZeros: 9, remainingMs: 300,
      assignments: (0..<count).map {
        Assignment(
          handle: UInt64($0), farmerKey: .zero, nonces: 5...UInt64.max,
          bestZeros: $0 == 0 ? nil : $0)
      })
  }

  private static func message<M: RPCMessage & Equatable>(_ name: String, _ samples: [M])
    -> FuzzTarget
  {
    FuzzTarget(
      "message-\(name)",
      seeds: { samples.map { $0.pack() } + hostileSeeds },
      run: { input in
        guard let message = try? M(unpacking: input) else { return }
        let packed = message.pack()
        guard let again = try? M(unpacking: packed) else {
          preconditionFailure("\(name) cannot be read again")
        }
        precondition(again == message && again.pack() == packed)
      })
  }

  /// Shapes the mutations would take long to find.
  private static var hostileSeeds: [[UInt8]] {
    [
      [0x0A, 0x04, 0x0A, 0x02, 0x0A, 0x00], [0x12, 0x00, 0x12, 0x00], [0x32, 0x00, 0x32, 0x00],
      [0x1A, 0x03, 0x01, 0x02, 0x03], [0xA0, 0x1F, 0x01],
      [0x08] + [UInt8](repeating: 0xFF, count: 9) + [1],
      [0x0D, 1, 2, 3, 4], [0x09, 1, 2, 3, 4, 5, 6, 7, 8], [0x0B, 0x0C],
    ]
  }

  private static let headers = FuzzTarget(
    "message-Headers",
    seeds: {
      var headers = Headers()
      headers.requestID = [UInt8](repeating: 1, count: 16)
      headers.metadata = [.init(key: "key", value: "value"), .init(key: "", value: "é")]
      return [headers.encoded(), []] + hostileSeeds
    },
    run: { input in
      guard let headers = Headers(decoding: input[...]) else { return }
      precondition(Headers(decoding: headers.encoded()[...]) == headers)
    })

  private static let trailers = FuzzTarget(
    "message-Trailers",
    seeds: {
      let details: [RPCError.Detail?] = [
        nil, .staleBlock(currentBlockIndex: 1), .overCapacity(limit: 2),
        .invalidNonce(zerosExpected: 3, zerosGot: 4), .notAuthorised(what: "that"),
      ]
      return details.map { detail in
        var error = RPCError(.aborted, "words", detail: detail)
        error.domainCode = 7
        error.retryAfterMs = 900
        return Trailers.encode(error)
      } + hostileSeeds
    },
    run: { input in
      guard let error = try? Trailers.decode(input[...]) else { return }
      precondition(error.message.utf8.count <= RPCError.messageBytesMax)
      guard let again = try? Trailers.decode(Trailers.encode(error)[...]) else {
        preconditionFailure("trailers cannot be read again")
      }
      precondition(again.code == error.code && again.domainCode == error.domainCode)
    })

  /// A schema worse than ours: what the scan takes, libprotobuf-c reads within its memory.
  private static let hostile = FuzzTarget(
    "message-hostile",
    seeds: {
      [
        [0x0A, 0x02, 0x40, 0x01, 0x12, 0x02, 0x4A, 0x00, 0x1A, 0x03, 1, 2, 3],
        [0x22, 0x08, 0, 1, 2, 3, 4, 5, 6, 7, 0x2A, 0x08, 0, 1, 2, 3, 4, 5, 6, 7, 0x62, 0x02, 1, 0],
        [0x52, 0x02, 0x40, 0x01, 0x5A, 0x01, 0x61, 0x32, 0x01, 0x62, 0x3A, 0x01, 0x63],
      ] + hostileSeeds
    },
    run: { input in
      _ = try? CMessage.read(
        input, max: MessageLimits.assignments, fieldsMax: 2_000, test_message_hostile(),
        kalepool__test__hostile__unpack, kalepool__test__hostile__free_unpacked
      ) { (m) throws(MessageError) in m.n_list }
    })
}
