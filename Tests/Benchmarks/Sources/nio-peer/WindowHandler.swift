import NIOCore

/// The client: keeps so many frames under way until the time is over.
final class WindowHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let inFlight: Int
  private let end: ContinuousClock.Instant
  private let promise: EventLoopPromise<LatencyHistogram>
  private let message = ByteBuffer(repeating: 7, count: Workload.messageBytes)
  private let clock = ContinuousClock()
  private var frames = FrameSplitter()
  private var out = ByteBuffer()
  private var times = LatencyHistogram()
  private var sentAt: [ContinuousClock.Instant] = []
  private var oldest = 0
  private var waiting = 0

  init(inFlight: Int, end: ContinuousClock.Instant, promise: EventLoopPromise<LatencyHistogram>) {
    (self.inFlight, self.end, self.promise) = (inFlight, end, promise)
  }

  func channelActive(context: ChannelHandlerContext) {
    sentAt = Array(repeating: clock.now, count: inFlight)
    waiting = inFlight
    for _ in 0..<inFlight { FrameSplitter.write(message, to: &out) }
    channelReadComplete(context: context)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    frames.append(unwrapInboundIn(data))
    let now = clock.now
    while let frame = frames.next() {
      precondition(frame.readableBytes == Workload.messageBytes)
      times.record(now - sentAt[oldest])
      sentAt[oldest] = now
      oldest = (oldest + 1) % inFlight
      if now < end { FrameSplitter.write(message, to: &out) } else { waiting -= 1 }
    }
    if waiting == 0 {
      promise.succeed(times)
      context.close(promise: nil)
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    guard out.readableBytes > 0 else { return }
    context.writeAndFlush(wrapOutboundOut(out), promise: nil)
    out = context.channel.allocator.buffer(capacity: 1_024)
  }

  func channelInactive(context: ChannelHandlerContext) { promise.fail(WrongEcho()) }
}
