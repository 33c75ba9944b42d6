import Bytes
import NIOCore
import NIOEmbedded
import Testing

@testable import FramedRPC
@testable import RPCTransport
@testable import SecureChannel

@Suite struct StreamNumbersTests {
  /// After 2^31 calls in one session there are no numbers left: the agent says CLOSE(AGE) and connects
  /// anew.
  @Test func anAgentWithoutNumbersEndsItsSession() async throws {
    let part = [UInt8](repeating: 1, count: 32)
    let keys = SessionKeys(
      kee: part, kes: part, kse: part, serverKey: .zero, agentKey: .zero, transcript: part)
    let mailbox = Mailbox()
    let handler = SessionHandler(
      settings: .init(role: .agent, terms: SessionTerms(), records: RecordSettings()), keys: keys,
      mailbox: mailbox, logger: Loopback.logger, method: { _ in nil }, serve: { _ in nil },
      ended: { _ in })
    let channel = EmbeddedChannel(handler: handler)
    try await channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).get()
    handler.connection.lastOwn = .max
    let stream = CallStream(mailbox: mailbox)
    mailbox.post(
      .open(stream, Blobs.flood.info, deadline: nil, Headers(), first: nil, isLast: true))
    channel.embeddedEventLoop.run()
    await #expect { try await stream.next() } throws: { ($0 as? RPCError)?.code == .unavailable }
    var record = try #require(try channel.readOutbound(as: ByteBuffer.self))
    record.moveReaderIndex(forwardBy: RecordLimits.lengthBytes)
    var opener = RecordOpener(key: keys.agentToServer, direction: .agentToServer)
    var reader = FrameReader(try opener.open(record.readableBytesView))
    let frame = try #require(try reader.next())
    #expect(frame.type == FrameType.close.rawValue && frame.payload.prefix(4) == [0, 0, 0, 8])
    _ = try? channel.finish()
  }
}
