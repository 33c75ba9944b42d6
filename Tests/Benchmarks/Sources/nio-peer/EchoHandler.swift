import NIOCore

/// The server: all frames of one read go back in one write.
final class EchoHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private var frames = FrameSplitter()
  private var out = ByteBuffer()

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    frames.append(unwrapInboundIn(data))
    while let frame = frames.next() { FrameSplitter.write(frame, to: &out) }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    guard out.readableBytes > 0 else { return }
    context.writeAndFlush(wrapOutboundOut(out), promise: nil)
    out = context.channel.allocator.buffer(capacity: 1_024)
  }
}

/// Frames of a u32 length and as many bytes.
struct FrameSplitter {
  private var unread = ByteBuffer()

  mutating func append(_ buffer: ByteBuffer) {
    var buffer = buffer
    if unread.readableBytes == 0 { unread = buffer } else { unread.writeBuffer(&buffer) }
  }

  mutating func next() -> ByteBuffer? { unread.readLengthPrefixedSlice(as: UInt32.self) }

  static func write(_ frame: ByteBuffer, to out: inout ByteBuffer) {
    out.writeInteger(UInt32(frame.readableBytes))
    out.writeImmutableBuffer(frame)
  }
}
