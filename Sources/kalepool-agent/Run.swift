import Agent
import ArgumentParser
import Bytes
import Dispatch
import Glibc
import HashEngine
import Logging
import RPCTransport
import Runtime
import SecureChannel

/// `kalepool-agent run`: farm until interrupted.
struct Run: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Connect to a coordinator and hash until interrupted (the default).")

  @Option(
    help: ArgumentHelp(
      "A coordinator; may be given several times, the first is tried first.",
      discussion: "Keys of its own follow a comma: HOST:PORT,H…[,H…].",
      valueName: "host:port"))
  var coordinator: [String] = []

  @Option(
    help: ArgumentHelp(
      "The coordinators' public key; up to four may be given. There is no mode without.",
      valueName: "H…"))
  var serverKey: [String] = []

  @Option(
    help: ArgumentHelp(
      "The one-time token of enrolment, needed the first time only. Also read from KALEPOOL_TOKEN.",
      valueName: "E…"))
  var token: String?

  @Option(
    help: ArgumentHelp("The folder of this agent's key, made if missing.", valueName: "folder"))
  var keys = "certs"

  @Option(help: "What the operator sees; the machine's name by default.")
  var name: String?

  @Option(help: "The most farmers to hash for, 1 to 100000; no limit by default.")
  var farmersMax: UInt32?

  @Option(
    help: ArgumentHelp(
      "How long before a block opens planting is asked for, 0 to 600; three ledgers and a second by default.",
      valueName: "seconds"))
  var plantAhead: Double?

  @Option(help: ArgumentHelp("Between two reports, 1 to 60.", valueName: "seconds"))
  var reportEvery = 5

  @Option(help: "How much to log: trace, debug, info, notice, warning, error.")
  var logLevel = "info"

  @Flag(
    inversion: .prefixedNo,
    help: "On a terminal, show a live line: block, farmers, rate, zeros, time left.")
  var live = true

  @OptionGroup var engine: EngineOptions

  func validate() throws {
    guard !coordinator.isEmpty else {
      throw ValidationError("Name a coordinator: --coordinator HOST:PORT --server-key H…")
    }
    if let farmersMax, !(1...100_000).contains(farmersMax) {
      throw ValidationError("--farmers-max takes 1 to 100000, not \(farmersMax).")
    }
    if let plantAhead, !(0...600).contains(plantAhead) {
      throw ValidationError("--plant-ahead takes 0 to 600 seconds, not \(plantAhead).")
    }
    guard (1...60).contains(reportEvery) else {
      throw ValidationError("--report-every takes 1 to 60 seconds, not \(reportEvery).")
    }
    guard Logger.Level(rawValue: logLevel) != nil else {
      throw ValidationError("--log-level takes trace, debug, info, notice, warning or error.")
    }
  }

  func run() async throws {
    OwnProcess.forbidCoreDumps()
    let level = Logger.Level(rawValue: logLevel) ?? .info
    let terminal = live ? Terminal() : nil
    LoggingSystem.bootstrap { label in
      if let terminal { return TerminalLogHandler(terminal, level: level) }
      var handler = StreamLogHandler.standardError(label: label)
      handler.logLevel = level
      return handler
    }
    do {
      let agent = try Agent(
        settings: try settings(), keys: try AgentKeys(folder: keys), logger: Logger(label: "agent"))
      let following = Task { await terminal?.follow(agent) }
      defer {
        following.cancel()
        terminal?.close()
      }
      try await Signals.whileWatching(agent.beginGracefulShutdown, run: agent.run)
    } catch {
      StandardError.line("\(error)")
      throw ExitCode.failure
    }
  }

  private func settings() throws -> AgentSettings {
    var settings = AgentSettings(
      coordinators: try addresses(), name: name ?? Self.machineName,
      version: "kalepool-agent \(KalepoolAgent.version)")
    settings.keysFolder = keys
    settings.token = try enrolmentToken()
    settings.farmersMax = farmersMax
    settings.plantAhead = plantAhead.map { .milliseconds(Int64($0 * 1_000)) }
    settings.reportInterval = .seconds(reportEvery)
    settings.hashing = engine.settings
    return settings
  }

  /// A key, token or address that is none: one line, without the usage.
  struct BadText: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
  }

  private func addresses() throws -> [CoordinatorAddress] {
    let shared = try serverKey.map(Self.serverKey)
    return try coordinator.map { text in
      let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      let own = try parts.dropFirst().map(Self.serverKey)
      let keys = own.isEmpty ? shared : own
      guard (1...4).contains(keys.count) else {
        throw BadText(
          "Give one to four keys for coordinator \(parts[0]): --server-key H…")
      }
      guard let colon = parts[0].lastIndex(of: ":"),
        let port = UInt16(parts[0][parts[0].index(after: colon)...]), port > 0
      else { throw BadText("A coordinator is HOST:PORT, not \(parts[0]).") }
      var host = String(parts[0][..<colon])
      if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
      guard !host.isEmpty else {
        throw BadText("A coordinator is HOST:PORT, not \(parts[0]).")
      }
      return CoordinatorAddress(host: host, port: Int(port), serverKeys: keys)
    }
  }

  private static func serverKey(_ text: String) throws -> Bytes32 {
    do { return try KeyText.publicKey(text, as: .serverPublic) } catch {
      throw BadText("--server-key: \(error).")
    }
  }

  private func enrolmentToken() throws -> EnrolmentToken? {
    guard let text = token ?? getenv("KALEPOOL_TOKEN").map({ String(cString: $0) }) else {
      return nil
    }
    do { return try EnrolmentToken(text: text) } catch {
      throw BadText("--token: \(error).")
    }
  }

  private static var machineName: String {
    var buffer = [CChar](repeating: 0, count: 65)
    guard gethostname(&buffer, buffer.count - 1) == 0 else { return "agent" }
    return String(
      decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
