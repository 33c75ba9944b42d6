import ArgumentParser
import Coordinator
import KaleRules
import Logging
import Pool
import StellarXDR

struct CoordinatorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "coordinator",
    abstract: "Runs the pool: farmers' page and API, agents' port, chain, database.",
    discussion: """
      Without --database it makes and runs a private PostgreSQL in the data folder. It prints the
      page's address and the public key that agents are told, and runs until interrupted.
      """)

  @Option(help: "The folder for keys and the private database.")
  var data: String = Self.defaultData

  @Option(help: "Connection string of a PostgreSQL server to use instead of a private one.")
  var database: String?

  @Option(
    help: ArgumentHelp(
      "Free megabytes under the private database below which nothing is planted.",
      discussion: "What is planted is still worked, harvested and paid out."))
  var diskReserve: Int64 = 512

  @Option(help: "public, testnet or devnet.")
  var network: String = "devnet"

  @Option(help: "Address of a Stellar RPC node; repeat it for more, most trusted first.")
  var rpc: [String] = []

  @Option(help: "The split contract's id, C…, on networks where the pool knows none.")
  var splitContract: String?

  @Option(help: "Where the page and the API listen.")
  var httpHost = "127.0.0.1"

  @Option(help: "Port of the page and the API.")
  var httpPort = 8080

  @Option(help: "https://… of the proxy that ends TLS before the page.")
  var publicOrigin: String?

  @Option(help: "Where agents connect to.")
  var agentHost = "0.0.0.0"

  @Option(help: "Port that agents connect to.")
  var agentPort = 7475

  @Option(
    help: ArgumentHelp(
      "How many sure ledgers are left in a block when work is handed over.",
      discussion: "Without it: at the ledger with the best reward to be expected."))
  var handOverLedgers: Int64?

  @Option(
    help: ArgumentHelp(
      "What a KALE is worth, in XLM, such as 0.0005.",
      discussion: """
        With it nobody is planted whose reward to be expected is below the fees, but for those who
        ask for it.
        """))
  var xlmPerKale: String?

  @Option(
    help: "Ledgers that a farm's entry lives (min_temp_entry_ttl); without it the network is asked."
  )
  var entryLedgers: Int64?

  @Option(help: "Seconds of a farm block; the network's own is 300.")
  var blockSeconds: Int64 = PoolSettings().blockSeconds

  @Option(help: "Seconds of ledger time that a ledger takes; the network's own is 5.")
  var ledgerSeconds: Int64 = PoolSettings().ledgerSeconds

  @Option(help: "How often the latest ledger is asked for, in milliseconds.")
  var pollMilliseconds = 1_000

  @Option(help: "Requests a second that each node takes; without it there is no limit.")
  var rpcRate: Double?

  @Option(help: "Least stroops that are offered for a transaction's inclusion.")
  var inclusionFee: Int64 = 10_000

  @Option(help: "Most stroops that are offered for a transaction's inclusion.")
  var inclusionFeeMax: Int64 = 1_000_000

  @Option(help: "Channel accounts, by which a farmer's harvests run at once: 1.1 XLM each.")
  var channels = 16

  @Flag(
    help: "Make a fee sponsor: what is sent to it pays where fees rise beyond the wallets' own.")
  var sponsor = false

  @Flag(help: "The sponsor also makes farmers' wallets and bears their reserves, 1.5 XLM each.")
  var sponsorWallets = false

  /// Root's home cannot be entered by the database's user.
  static let defaultData: String = DefaultFolder.data

  func run() async throws {
    try await Program.run { log in
      try await CoordinatorProcess(settings: try settings(), version: kalepoolVersion, log: log)
        .run()
    }
  }

  private func settings() throws -> CoordinatorSettings {
    guard var network = KaleNetwork.named(network) else {
      throw CommandFailure("--network \(network): choose public, testnet or devnet")
    }
    if let splitContract {
      guard let id = StrKey.contract(splitContract) else {
        throw CommandFailure("--split-contract is no contract id: one begins with C")
      }
      network.splitContract = id
    }
    guard ledgerSeconds > 0, blockSeconds >= ledgerSeconds,
      (1...(blockSeconds / ledgerSeconds)).contains(handOverLedgers ?? 1)
    else {
      throw CommandFailure("--hand-over-ledgers must lie within one block")
    }
    guard pollMilliseconds > 0 else {
      throw CommandFailure("--poll-milliseconds must be at least 1")
    }
    if let rpcRate, !(rpcRate > 0) { throw CommandFailure("--rpc-rate must be above 0") }
    guard (0...1_000).contains(channels) else {
      throw CommandFailure("--channels must be from 0 to 1000")
    }
    guard (100...inclusionFeeMax).contains(inclusionFee) else {
      throw CommandFailure("--inclusion-fee must be from 100 to --inclusion-fee-max")
    }
    let urls = rpc.isEmpty ? [DefaultFolder.rpc(network.name)].compactMap(\.self) : rpc
    guard !urls.isEmpty else {
      throw CommandFailure("--rpc is needed on \(network.name): the address of a Stellar RPC node")
    }
    var settings = CoordinatorSettings(dataFolder: data, network: network, rpcURLs: urls)
    settings.database = database
    guard (0...1_000_000).contains(diskReserve) else {
      throw CommandFailure("--disk-reserve must be from 0 to 1000000 megabytes")
    }
    settings.diskReserveBytes = diskReserve << 20
    settings.rpcRequestsPerSecond = rpcRate
    settings.channels = channels
    settings.hasSponsor = sponsor || sponsorWallets
    settings.pool.sponsorsWallets = sponsorWallets
    settings.inclusionFee = inclusionFee
    settings.inclusionFeeMax = inclusionFeeMax
    settings.httpHost = httpHost
    settings.httpPort = httpPort
    settings.publicOrigin = publicOrigin
    settings.agentHost = agentHost
    settings.agentPort = agentPort
    settings.pool.handOverLedgers = handOverLedgers
    settings.pool.xlmPerKale = try xlmPerKale.map(Self.price)
    settings.asksEntryLedgers = entryLedgers == nil
    settings.pool.entryLedgers = entryLedgers ?? (network.name == "testnet" ? 720 : 17_280)
    guard settings.pool.entryLedgers > 4 else {
      throw CommandFailure("--entry-ledgers must be above 4")
    }
    settings.pool.blockSeconds = blockSeconds
    settings.pool.ledgerSeconds = ledgerSeconds
    settings.pollMilliseconds = pollMilliseconds
    return settings
  }

  /// A price with up to seven decimals, in stroops.
  private static func price(_ text: String) throws -> Stroops {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), let whole = UInt32(parts[0]),
      case let decimals = parts.count > 1 ? parts[1] : "0", (1...7).contains(decimals.count),
      let rest = UInt32(decimals + String(repeating: "0", count: 7 - decimals.count))
    else { throw CommandFailure("--xlm-per-kale \(text): a number such as 0.0005") }
    return Stroops(Int64(whole) * Stroops.perCoin + Int64(rest))
  }
}
