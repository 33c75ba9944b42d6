import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2Posix

/// `grpc-peer serve` prints its port and serves; `grpc-peer run PORT SERVER-PROCESS SECONDS IDLE`
/// prints figures as JSON.
@main struct GRPCPeer {
  static func main() async throws {
    let arguments = CommandLine.arguments.dropFirst()
    if arguments.first == "serve" { return try await serve() }
    let numbers = arguments.dropFirst().compactMap(Double.init)
    guard arguments.first == "run", numbers.count == 4 else {
      print("usage: grpc-peer serve | grpc-peer run PORT SERVER-PROCESS SECONDS IDLE")
      exit(64)
    }
    try await run(
      port: Int(numbers[0]), process: Int32(numbers[1]), seconds: numbers[2], idle: Int(numbers[3]))
  }

  private static func serve() async throws {
    var config = HTTP2ServerTransport.Posix.Config.defaults
    // As much as a session of the pool's may have under way; the default is 64 KiB.
    config.http2.targetWindowSize = 1 << 20
    let transport = HTTP2ServerTransport.Posix(
      address: .ipv4(host: "127.0.0.1", port: 0), transportSecurity: .plaintext, config: config)
    let server = GRPCServer(transport: transport, services: [EchoService()])
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.serve() }
      print(try await transport.listeningAddress.ipv4?.port ?? 0)
      fflush(nil)
      try await group.waitForAll()
    }
  }

  private static func run(port: Int, process: Int32, seconds: Double, idle count: Int) async throws
  {
    let driver = LoadDriver<GRPCEcho>(serverProcess: process, seconds: seconds)
    var idle: IdleFigures?
    if count > 0 { idle = try await driver.idle(count) { try GRPCEcho(port: port) } }
    let client = try GRPCEcho(port: port)
    var workloads: [WorkloadFigures] = []
    for workload in Workload.allCases {
      workloads.append(try await driver.run(workload, on: client))
    }
    let figures = PeerFigures(
      peer: "grpc-swift-2", encrypted: false, workloads: workloads, idle: idle)
    print(String(decoding: try JSONEncoder().encode(figures), as: UTF8.self))
    exit(0)
  }
}
