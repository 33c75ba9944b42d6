import Glibc
package import Logging
package import Runtime

/// The client's half: starts the server's and measures.
package struct RPCBench: Sendable {
  package var seconds = 3.0
  package var padding = true
  package var workloads = Workload.allCases
  /// How many connections the memory of an idle one is taken from; 0: none.
  package var idleConnections = 1_000
  /// This program, and what makes it the server's half.
  package var serverCommand: ChildProcess.Command

  package init(serverCommand: ChildProcess.Command) { self.serverCommand = serverCommand }

  package func run(logger: Logger) async throws -> PeerFigures {
    let (server, line) = try await startServer()
    defer { server.signal(SIGTERM) }
    let driver = LoadDriver<SessionEcho>(serverProcess: server.processID, seconds: seconds)
    let padding = padding
    // First, while both processes are fresh.
    var idle: IdleFigures?
    if idleConnections > 0 {
      idle = try await driver.idle(idleConnections) {
        try await SessionEcho.connect(line, padding: padding, logger: logger)
      }
    }
    let client = try await SessionEcho.connect(line, padding: padding, logger: logger)
    var figures: [WorkloadFigures] = []
    for workload in workloads { figures.append(try await driver.run(workload, on: client)) }
    return PeerFigures(
      peer: padding ? "kalepool" : "kalepool, no padding", encrypted: true, workloads: figures,
      idle: idle)
  }

  private func startServer() async throws -> (ChildProcess, String) {
    var ends: [CInt] = [0, 0]
    guard pipe(&ends) == 0 else { throw EchoServerLost() }
    defer { for end in ends where end >= 0 { close(end) } }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var command = serverCommand
    command.output = ends[1]
    let server = try await ChildProcess.start(command)
    close(ends[1])
    ends[1] = -1
    // One short line, written at once; the end of the pipe if the server ends.
    var line = [UInt8](repeating: 0, count: 256)
    var count = 0
    while count < line.count, !line[..<count].contains(UInt8(ascii: "\n")) {
      let got = read(ends[0], &line[count], line.count - count)
      if got < 0, errno == EINTR { continue }
      guard got > 0 else { throw EchoServerLost() }
      count += got
    }
    return (
      server, String(decoding: line.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    )
  }
}
