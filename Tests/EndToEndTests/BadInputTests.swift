import Foundation
import Testing

extension EndToEnd {
  /// What a person does wrong before anything runs: one clear line and a status that is not 0.
  @Suite(.timeLimit(.minutes(3))) struct BadInput {
    static let issuer = "GBDVX4VELCDSQ54KQJYTNHXAHFLBCA77ZY2USQBM4CSHTTV7DME7KALE"

    @Test func devnetOnABusyPort() async throws {
      let port = try BusyPort()
      let result = try await Program.kalepool.run(["devnet", "--port", "\(port.number)"])
      #expect(result.problem.count > 30, "\(result)")
      #expect(result.errors.contains("\(port.number)"))
    }

    @Test func demoOnABusyPort() async throws {
      let port = try BusyPort()
      let result = try await Program.kalepool.run(["demo", "--port", "\(port.number)"])
      #expect(result.problem.count > 30, "\(result)")
      #expect(result.errors.contains("\(port.number)"))
    }

    @Test func coordinatorOnABusyPort() async throws {
      let port = try BusyPort()
      let pool = try RunningDevnet()
      try await pool.isUp()
      let folder = try ScratchFolder()
      let result = try await Program.kalepool.run([
        "coordinator", "--data", folder.path + "/data", "--network", "devnet", "--rpc", pool.url,
        "--http-port", "\(port.number)", "--agent-port", "0",
      ])
      #expect(result.problem.contains("\(port.number)"), "\(result)")
      try await pool.stop()
    }

    @Test func demoWithSettingsThatMakeNoSense() async throws {
      for arguments in [["--farmers", "0"], ["--exit-one"], ["--speed", "0"]] {
        let result = try await Program.kalepool.run(["demo"] + arguments)
        #expect(result.problem.count > 30, "\(result)")
      }
    }

    @Test func poolerWithAMalformedAddress() async throws {
      let result = try await Program.kalepool.run([
        "pooler", "add", "--name", "x", "--wallet", String(Self.issuer.dropLast()) + "A",
      ])
      #expect(result.problem.count > 30, "\(result)")
    }

    @Test func operatorWithoutACoordinator() async throws {
      // The port was free a moment ago.
      let number = try BusyPort().number
      let result = try await Program.kalepool.run(
        ["agents", "--url", "http://127.0.0.1:\(number)"],
        environment: ["KALEPOOL_OPERATOR_TOKEN": String(repeating: "0", count: 64)])
      #expect(result.problem.count > 30, "\(result)")
    }

    @Test func operatorWithoutAToken() async throws {
      let result = try await Program.kalepool.run(["audit", "--data", "/nonexistent"])
      #expect(result.problem.count > 30, "\(result)")
      #expect(result.errors.contains("--data"))
    }

    /// Whether this machine lets us hide PostgreSQL in a mount namespace: root may, but not in
    /// every container or chroot.
    private static func canUnshareMounts() -> Bool {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/unshare")
      process.arguments = ["--mount", "/bin/true"]
      process.standardError = FileHandle.nullDevice
      guard (try? process.run()) != nil else { return false }
      process.waitUntilExit()
      return process.terminationStatus == 0
    }

    @Test(.enabled("needs a mount namespace, to hide PostgreSQL in") { canUnshareMounts() })
    func coordinatorWithoutPostgreSQL() async throws {
      let folder = try ScratchFolder()
      let script = """
        mount --bind "$1" /usr/lib/postgresql && shift && exec env PATH=/usr/sbin:/sbin "$@"
        """
      let result = try await RunningProgram(
        path: "/usr/bin/unshare",
        arguments: [
          "--mount", "/bin/sh", "-c", script, "sh", folder.path, try Program.kalepool.path,
          "coordinator", "--data", folder.path + "/data", "--network", "devnet", "--rpc",
          "http://127.0.0.1:1",
        ], environment: [:]
      ).result()
      #expect(result.problem.contains("PostgreSQL"), "\(result)")
    }
  }
}
