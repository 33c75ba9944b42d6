import ArgumentParser
@preconcurrency import Glibc  // `stdout` is a variable there; it is only handed on
import Logging
import RPCBench
import Runtime

struct BenchRPC: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rpc",
    abstract: "Calls, streams and idle connections between two processes of this machine.",
    discussion: """
      Messages of 135 bytes go to a server process and come back, encrypted as always. \
      Tests/Benchmarks runs it against gRPC and bare sockets.
      """)

  @Option(help: "Seconds for each workload, after a quarter as much to warm up.")
  var seconds = 3.0

  @Option(help: "Connections that the memory of an idle one is taken from; 0: none.")
  var idle = 1_000

  @Option(help: "One of unary-1, unary-64, stream-1, stream-64, stream-unthrottled; repeat it.")
  var workload: [String] = []

  @Flag(inversion: .prefixedNo, help: "Hide the lengths of records, as by default.")
  var padding = true

  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard seconds > 0, idle >= 0 else {
      throw CommandFailure("--seconds must be above 0, --idle not below")
    }
    for name in workload where Workload(rawValue: name) == nil {
      throw CommandFailure(
        "--workload \(name): choose of \(Workload.allCases.map(\.rawValue).joined(separator: ", "))"
      )
    }
  }

  func run() async throws {
    try await Program.run { log in
      var arguments = ["bench", "rpc-server"]
      if !padding { arguments.append("--no-padding") }
      var bench = RPCBench(serverCommand: .init(try Executable.kalepool, arguments))
      bench.seconds = seconds
      bench.padding = padding
      bench.idleConnections = idle
      if !workload.isEmpty { bench.workloads = workload.compactMap(Workload.init(rawValue:)) }
      let figures = try await bench.run(logger: log)
      if output.json { try printJSON(figures) } else { print(Self.text(figures)) }
    }
  }

  private static func text(_ figures: PeerFigures) -> String {
    var table = TextTable(
      .text("workload"), .number("messages/s"), .number("p50 us"), .number("p99 us"),
      .number("per CPU second"))
    for one in figures.workloads {
      table.add(
        one.workload.rawValue, "\(Int(one.perSecond))", one.p50Us.map { "\(Int($0))" } ?? "–",
        one.p99Us.map { "\(Int($0))" } ?? "–", "\(Int(one.perCPUSecond))")
    }
    guard let idle = figures.idle else { return table.text }
    return table.text
      + "\nAn idle connection, of \(idle.connections): \(idle.serverBytesPerConnection) bytes in the"
      + " server, \(idle.clientBytesPerConnection) in the client."
  }
}

/// The other process of ``BenchRPC``.
struct BenchRPCServer: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rpc-server", abstract: "The server's half of `bench rpc`, which starts it.",
    shouldDisplay: false)

  @Flag(inversion: .prefixedNo) var padding = true

  func run() async throws {
    try await Program.run { log in
      let (server, line) = try await EchoServer.start(padding: padding, logger: log)
      print(line)
      // Until whoever started it ends, or ends it.
      while true { try await Task.sleep(for: .seconds(3_600)) }
      withExtendedLifetime(server) {}
    }
  }
}
