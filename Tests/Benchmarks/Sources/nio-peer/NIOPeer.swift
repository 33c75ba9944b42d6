import Foundation
import NIOCore
import NIOPosix

/// What sockets and event loops alone can do, the limit for any RPC on them: frames that come back,
/// no encryption, streams, credits or tasks. Options as grpc-peer's.
@main struct NIOPeer {
  /// "Unthrottled": what fits into a megabyte.
  private static let unthrottled = 4_096

  static func main() async throws {
    let arguments = CommandLine.arguments.dropFirst()
    if arguments.first == "serve" { return try await serve() }
    let numbers = arguments.dropFirst().compactMap(Double.init)
    guard arguments.first == "run", numbers.count == 4 else {
      print("usage: nio-peer serve | nio-peer run PORT SERVER-PROCESS SECONDS IDLE")
      exit(64)
    }
    try await run(
      port: Int(numbers[0]), process: Int32(numbers[1]), seconds: numbers[2], idle: Int(numbers[3]))
  }

  private static func serve() async throws {
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.backlog, value: 1_024)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(EchoHandler())
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    print(channel.localAddress?.port ?? 0)
    fflush(nil)
    try await channel.closeFuture.get()
  }

  private static func run(port: Int, process: Int32, seconds: Double, idle: Int) async throws {
    var workloads: [WorkloadFigures] = []
    for workload in Workload.allCases where workload.isStream {
      _ = try await once(workload, port, seconds / 4)
      let before = (ProcessUsage(of: getpid()), ProcessUsage(of: process))
      let start = ContinuousClock.now
      let times = try await once(workload, port, seconds)
      let elapsed = (ContinuousClock.now - start) / .seconds(1)
      let after = (ProcessUsage(of: getpid()), ProcessUsage(of: process))
      let isBounded = workload.inFlight != nil
      let cpu = (
        after.0.cpuSeconds - before.0.cpuSeconds, after.1.cpuSeconds - before.1.cpuSeconds
      )
      workloads.append(
        WorkloadFigures(
          workload: workload, messages: Int(times.count), seconds: elapsed,
          perSecond: Double(times.count) / elapsed,
          p50Us: isBounded ? times.microseconds(at: 0.5) : nil,
          p99Us: isBounded ? times.microseconds(at: 0.99) : nil, clientCPUSeconds: cpu.0,
          serverCPUSeconds: cpu.1, perCPUSecond: Double(times.count) / max(cpu.0 + cpu.1, 0.01)))
    }
    let figures = PeerFigures(peer: "nio", encrypted: false, workloads: workloads, idle: nil)
    print(String(decoding: try JSONEncoder().encode(figures), as: UTF8.self))
    exit(0)
  }

  private static func once(_ workload: Workload, _ port: Int, _ seconds: Double) async throws
    -> LatencyHistogram
  {
    let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
    let promise = eventLoop.makePromise(of: LatencyHistogram.self)
    _ = try await ClientBootstrap(group: eventLoop)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            WindowHandler(
              inFlight: workload.inFlight ?? unthrottled, end: .now + .seconds(seconds),
              promise: promise))
        }
      }
      .connect(host: "127.0.0.1", port: port).get()
    return try await promise.futureResult.get()
  }
}
