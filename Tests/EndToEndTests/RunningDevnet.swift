import StellarClient
import Testing

/// A devnet of its own on a free port.
final class RunningDevnet: Sendable {
  let url: String
  private let program: RunningProgram

  init() throws {
    // Free again when the socket is closed at the end of this statement.
    let port = try BusyPort().number
    url = "http://127.0.0.1:\(port)"
    program = try Program.kalepool.start(["devnet", "--port", "\(port)", "--speed", "20"])
  }

  func isUp() async throws {
    let http = HTTPClient()
    let body = #"{"jsonrpc": "2.0", "id": 1, "method": "getHealth"}"#
    let request = HTTPRequest(
      "POST", url, headers: [("Content-Type", "application/json")], body: Array(body.utf8))
    while (try? await http.send(request))?.status != 200 {
      try #require(program.isRunning, "the devnet ended: \(program.errors)")
      try await Task.sleep(for: .milliseconds(50))
    }
  }

  func stop() async throws {
    program.interrupt()
    #expect(try await program.result().status == 0)
  }
}
