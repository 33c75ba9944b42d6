import Bytes
import Testing

@testable import FramedRPC

@Suite struct FrameTests {
  func frames(_ plain: [UInt8]) throws -> [Frame] {
    var reader = FrameReader(plain)
    var out: [Frame] = []
    while let frame = try reader.next() { out.append(frame) }
    return out
  }

  @Test func framesComeBackWithOrWithoutPadding() throws {
    let sent = [
      Frame(.ping, payload: [1, 2, 3, 4, 5, 6, 7, 8]),
      Frame(.data, flags: Frame.last, stream: 7, payload: [9]),
      Frame(.data, stream: UInt32.max, payload: []),
      Frame(type: 200, flags: 255, stream: 1, payload: [1]),
    ]
    var plain: [UInt8] = []
    for frame in sent { frame.append(to: &plain) }
    #expect(try frames(plain) == sent)
    #expect(try frames(plain + [0]) == sent)
    #expect(try frames(plain + [UInt8](repeating: 0, count: 100)) == sent)
  }

  @Test func aFrameOfTheLargestSize() throws {
    let frame = Frame(
      .data, stream: 1, payload: [UInt8](repeating: 5, count: RPCLimits.framePayloadBytesMax)[...])
    var plain: [UInt8] = []
    frame.append(to: &plain)
    #expect(plain.count == RPCLimits.plainBytesMax)
    #expect(try frames(plain) == [frame])
  }

  @Test(
    arguments: [
      [1], [6, 0, 0, 0, 0, 0, 0], [6, 0, 0, 0, 0, 0, 0, 8, 1], [0, 1], [0, 0, 0, 0, 0, 0, 0, 1],
    ] as [[UInt8]])
  func whatIsCutOffOrNotZeroIsABreach(_ plain: [UInt8]) {
    #expect(throws: ProtocolBreach.self) { try frames(plain) }
  }

  @Test func headersAndTrailersComeBack() throws {
    var headers = Headers()
    headers.requestID = (0..<16).map { $0 }
    headers.metadata = [.init(key: "trace", value: "é"), .init(key: "", value: "")]
    #expect(Headers(decoding: headers.encoded()[...]) == headers)
    #expect(Headers(decoding: []) == Headers())
    #expect(Headers(decoding: [0x0A, 3, 1, 2, 3]) == nil, "a request id of three bytes")

    for detail: RPCError.Detail? in [
      nil, .staleBlock(currentBlockIndex: 5), .overCapacity(limit: 0),
      .invalidNonce(zerosExpected: 7, zerosGot: 0), .notAuthorised(what: "Work.Nonces"),
    ] {
      for code in RPCStatusCode.allCases where code != .ok {
        var error = RPCError(code, "text", detail: detail)
        error.domainCode = 70_000
        error.retryAfterMs = .max
        #expect(try Trailers.decode(Trailers.encode(error)[...]) == error)
      }
    }
    #expect(try Trailers.decode([]) == nil)
    let long = RPCError(.internalError, String(repeating: "水", count: 200))
    let cut = try Trailers.decode(Trailers.encode(long)[...])
    #expect(cut?.message == String(repeating: "水", count: 85))
  }

  /// Any bytes give frames or a breach, and any frames events or a breach: nothing traps.
  @Test func decodersAreTotal() {
    var random = SplitMix(seed: 20_261_123)
    for round in 0..<60_000 {
      var plain = (0..<Int.random(in: 0...60, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      if round.isMultiple(of: 2), plain.count >= 8 {
        // Closer to frames: a known type, few flags, a near stream, a length that may fit.
        plain[0] = UInt8.random(in: 0...11, using: &random)
        plain[1] = UInt8.random(in: 0...3, using: &random)
        plain.replaceSubrange(2..<5, with: [0, 0, 0])
        plain[5] = UInt8.random(in: 0...4, using: &random)
        plain[6] = 0
        plain[7] = UInt8.random(in: 0...52, using: &random)
      }
      var connection = RPCConnection(role: .server, terms: .test) { _ in .test }
      _ = try? connection.receive(plain, nowMs: 0)
      while connection.nextPlain() != nil {}
      _ = Headers(decoding: plain[...])
      _ = try? Trailers.decode(plain[...])
    }
  }
}
