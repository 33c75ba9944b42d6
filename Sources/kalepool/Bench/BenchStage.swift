import Bridge
import Bytes
import Foundation
import RPCTransport
import SecureChannel
import Sodium
import StellarClient
import StellarXDR

/// What the benchmarks of the agents' port play on: a devnet and a coordinator with a database of its
/// own.
struct BenchStage: Sendable {
  private static let host = "127.0.0.1"
  static let waitSeconds = 300.0

  let processes: DemoProcesses
  private let folder: DemoFolder
  private let bank: DemoBank
  private let http = HTTPClient()
  private let httpPort: Int
  private let agentPort: Int

  /// Starts the devnet; the coordinator is ``startCoordinator()``'s.
  static func run<R: Sendable>(_ body: (BenchStage) async throws -> R) async throws -> R {
    let folder = try DemoFolder()
    let processes = DemoProcesses(logs: folder.logs)
    let result: Result<R, any Error>
    do {
      let stage = try await BenchStage(folder: folder, processes: processes)
      result = .success(try await body(stage))
    } catch { result = .failure(error) }
    await processes.stop()
    try await folder.remove()
    return try result.get()
  }

  private init(folder: DemoFolder, processes: DemoProcesses) async throws {
    self.folder = folder
    self.processes = processes
    let devnetPort = try FreePort.find()
    (httpPort, agentPort) = (try FreePort.find(), try FreePort.find())
    let bank = DemoBank(url: "http://\(Self.host):\(devnetPort)", http: http)
    self.bank = bank
    try await processes.start(
      "devnet", .devnet, try Executable.kalepool,
      ["devnet", "--host", Self.host, "--port", "\(devnetPort)", "--outside-farmers", "5"])
    try await eventually("the devnet", within: Self.waitSeconds) { await bank.isUp() }
  }

  /// Gives its process's number; it is ready some time later.
  func startCoordinator() async throws -> Int32 {
    try await processes.start(
      "coordinator", .coordinator, try Executable.kalepool,
      [
        "coordinator", "--data", folder.coordinator, "--network", "devnet", "--rpc", bank.url,
        "--http-host", Self.host, "--http-port", "\(httpPort)", "--agent-host", Self.host,
        "--agent-port", "\(agentPort)",
      ])
  }

  /// Asked often, as what follows may be counted from here.
  func waitUntilReady() async throws {
    let pool = DemoPool(client: client)
    try await eventually("the coordinator", within: Self.waitSeconds, every: .milliseconds(20)) {
      try await pool.isReady()
    }
  }

  private var client: BridgeClient {
    BridgeClient(url: "http://\(Self.host):\(httpPort)", http: http)
  }

  /// As the operator sees it, once it was ready.
  var pool: DemoPool {
    get throws {
      var client = client
      client.bearer = try DataFolder(path: folder.coordinator).operatorToken()
      return DemoPool(client: client)
    }
  }

  /// Where agents connect to, once it was ready.
  var coordinator: CoordinatorAddress {
    get throws {
      let text = try DataFolder(path: folder.coordinator).serverKey()
      guard let key = Bytes32(try KeyText.decode(text, as: .serverPublic)) else {
        throw CommandFailure("the server's key cannot be read")
      }
      return CoordinatorAddress(host: Self.host, port: agentPort, serverKeys: [key])
    }
  }

  /// Enrolment tokens of so many poolers in turn.
  func issueTokens(_ count: Int, poolers: Int) async throws -> [EnrolmentToken] {
    let pool = try pool
    let wallet = StrKey.account(try await bank.openWallet().publicKey)
    let ids = try await (1...poolers).concurrently { number in
      try await pool.client.call(
        "POST", "/api/v1/operator/poolers",
        json: NewPooler(
          name: "Pooler \(number)", walletAddress: wallet, shareBps: 5_000, maxFarmers: 1_000),
        as: API.Pooler.self
      ).id
    }
    return try await (0..<count).concurrently { index in
      try EnrolmentToken(text: try await pool.enrolmentToken(ids[index % ids.count]))
    }
  }
}
