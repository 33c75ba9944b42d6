import NIOCore
import NIOPosix
import Synchronization

/// A line between agent and coordinator that can be cut: it then swallows what both sides say and
/// tells neither, as a pulled cable does.
final class Cable: Sendable {
  private let listener: any Channel
  let port: Int
  private let state = CutState()

  enum Direction: Hashable, Sendable { case toServer, toAgent }

  init(to server: Int) async throws {
    let isCut = state
    let group = MultiThreadedEventLoopGroup.singleton
    listener = try await ServerBootstrap(group: group)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.autoRead, value: false)
      .childChannelInitializer { inbound in
        ClientBootstrap(group: inbound.eventLoop)
          .channelInitializer { outbound in
            outbound.eventLoop.makeCompletedFuture {
              try outbound.pipeline.syncOperations.addHandler(
                Carrier(to: inbound, .toAgent, isCut))
            }
          }
          .connect(host: "127.0.0.1", port: server)
          .flatMap { outbound in
            inbound.eventLoop.makeCompletedFuture {
              try inbound.pipeline.syncOperations.addHandler(
                Carrier(to: outbound, .toServer, isCut))
            }.flatMap { inbound.setOption(.autoRead, value: true) }
          }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    port = listener.localAddress?.port ?? 0
  }

  func cut(_ directions: Set<Direction> = [.toServer, .toAgent]) {
    state.directions.withLock { $0 = directions }
  }

  func close() async throws { try await listener.close() }

  final class CutState: Sendable {
    let directions = Mutex<Set<Direction>>([])
  }

  /// Carries one way; an end is carried too, unless the cable is cut.
  private final class Carrier: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    let target: any Channel
    let direction: Direction
    let state: CutState

    init(to target: any Channel, _ direction: Direction, _ state: CutState) {
      self.target = target
      self.direction = direction
      self.state = state
    }

    var isCut: Bool { state.directions.withLock { $0.contains(direction) } }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      if !isCut { target.writeAndFlush(unwrapInboundIn(data), promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
      if !isCut { target.close(promise: nil) }
    }
  }
}
