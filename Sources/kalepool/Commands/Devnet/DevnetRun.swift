import ArgumentParser
import Devnet
import ServiceLifecycle
import StellarXDR
import UnixSignals

/// `kalepool devnet`, and `kalepool devnet run`.
struct DevnetRun: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Runs the network (what `kalepool devnet` does without a subcommand).")

  @Option(help: "The address to listen on.")
  var host = "127.0.0.1"

  @Option(
    help: ArgumentHelp(
      "The port to listen on; 0 takes a free one. Given again, there is another node over the same chain.",
      valueName: "port"))
  var port: [Int] = [DevnetSettings().port]

  @Option(
    help: ArgumentHelp(
      "How many ledgers the first node is always behind, then the second, …", valueName: "ledgers"))
  var lag: [UInt32] = []

  @Option(help: "What a ledger adds to ledger time, in seconds.")
  var ledgerSeconds = DevnetSettings().ledgerSeconds

  @Option(help: "Ledger time between two farm blocks, in seconds.")
  var blockSeconds = DevnetSettings().blockSeconds

  @Option(help: "How much faster than the clock ledgers close; 20 is a ledger each 250 ms.")
  var speed = DevnetSettings().speed

  @Flag(help: "Ledgers close by devnet_advance only.")
  var manual = false

  @Option(help: "Farmers who are nobody's: they open blocks, plant and work.")
  var outsideFarmers = 0

  @Option(help: "Zeros of the outside farmers' works, drawn between the two: LEAST-MOST.")
  var outsideZeros = Span(DevnetSettings().outside.zeros)

  @Option(help: "Stakes of the outside farmers, drawn between the two, in stroops: LEAST-MOST.")
  var outsideStakes = Span(DevnetSettings().outside.stakes)

  @Option(help: "Ledgers after which a due block is opened by them, drawn: LEAST-MOST.")
  var openingDelay = Span(DevnetSettings().outside.openingDelay)

  @Flag(help: "Ledgers take whatever waits: no limits, no surge prices.")
  var unlimited = false

  @Option(help: "Ledgers that a temporary entry lives, such as what can be harvested.")
  var temporaryLedgers = DevnetSettings().temporaryLedgers

  @Option(help: "Ledgers of history that are kept and served.")
  var retentionLedgers = DevnetSettings().retentionLedgers

  @Option(help: "The folder of snapshots; without it none are made or read.")
  var snapshots: String?

  @Option(help: "Ledger time of the first ledger, in Unix seconds; now by default.")
  var genesisTime: UInt64?

  @Flag(help: "Put diagnostic events into metas, as some nodes do.")
  var diagnostics = false

  @Flag(help: "Metas of version 3, as before protocol 23.")
  var metaV3 = false

  @Option(help: "From which everything drawn follows.")
  var seed = DevnetSettings().seed

  func run() async throws {
    var settings = DevnetSettings()
    settings.host = host
    guard lag.count <= port.count else {
      throw ValidationError("--lag is given more often than --port")
    }
    settings.nodes = port.enumerated().map { at, port in
      NodeSettings(port: port, lagLedgers: at < lag.count ? lag[at] : 0)
    }
    settings.ledgerSeconds = ledgerSeconds
    settings.blockSeconds = blockSeconds
    settings.speed = speed
    settings.isManual = manual
    settings.outside.farmers = outsideFarmers
    settings.outside.zeros = outsideZeros.range
    settings.outside.stakes = outsideStakes.range
    settings.outside.openingDelay = openingDelay.range
    if unlimited { settings.rules.liftLedgerLimits() }
    settings.temporaryLedgers = temporaryLedgers
    settings.retentionLedgers = retentionLedgers
    settings.snapshotFolder = snapshots
    settings.genesisTime = genesisTime
    settings.recordsDiagnostics = diagnostics
    settings.metaVersion = metaV3 ? .v3 : .v4
    settings.seed = seed
    try await Program.run { [settings] log in
      let devnet = try Devnet(settings, logger: log)
      let announcement = Task {
        for port in try await devnet.boundPorts() {
          print("The devnet listens on http://\(settings.host):\(port)")
        }
      }
      defer { announcement.cancel() }
      let group = ServiceGroup(
        services: [devnet], gracefulShutdownSignals: [.sigint, .sigterm], logger: log)
      try await group.run()
    }
  }

  /// Two numbers, the least and the most.
  struct Span<Number: FixedWidthInteger & Sendable>: ExpressibleByArgument, Sendable {
    let range: ClosedRange<Number>

    init(_ range: ClosedRange<Number>) { self.range = range }

    init?(argument: String) {
      let parts = argument.split(separator: "-", omittingEmptySubsequences: false)
      guard parts.count == 2, let least = Number(parts[0]), let most = Number(parts[1]),
        least <= most
      else { return nil }
      range = least...most
    }

    var defaultValueDescription: String { "\(range.lowerBound)-\(range.upperBound)" }
  }
}
