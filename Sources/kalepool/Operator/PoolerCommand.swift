import ArgumentParser
import Bridge
import Foundation
import StellarXDR

struct PoolerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pooler", abstract: "Adds poolers, lists them, and sees to their bonds.",
    subcommands: [Add.self, List.self, Standing.self, Reinstate.self, ReleaseBond.self],
    defaultSubcommand: List.self)

  struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Adds a pooler and prints its number, which `enrol` asks for.")

    @Option(help: "The pooler's name, as farmers see it.")
    var name: String

    @Option(help: "Where the pooler's share goes, G… or C….")
    var wallet: String

    @Option(help: "The pooler's share of rewards in basis points; 5000 is half.")
    var shareBps = 5_000

    @Option(help: "How many farmers are admitted.")
    var farmersMax = 1_000

    @OptionGroup var operation: OperatorOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
      guard StrKey.account(wallet) != nil || StrKey.contract(wallet) != nil else {
        throw CommandFailure(
          "--wallet \(wallet) is no address: give the 56 characters of a G… or C… address as they are"
        )
      }
      let pooler: API.Pooler = try await operation.client().call(
        "POST", "/api/v1/operator/poolers",
        json: NewPooler(
          name: name, walletAddress: wallet, shareBps: shareBps, maxFarmers: farmersMax))
      if output.json {
        try printJSON(pooler)
      } else {
        print("Pooler \(pooler.id.rawValue), \(pooler.name), was added.")
        print("A token for one agent: kalepool enrol --pooler \(pooler.id.rawValue)")
      }
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lists the poolers.")

    @OptionGroup var operation: OperatorOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
      let poolers: Rows<API.Pooler> = try await operation.client().call(
        "GET", "/api/v1/operator/poolers")
      if output.json { return try printJSON(poolers) }
      var table = TextTable(
        .number("id"), .text("name"), .text("online"), .number("share %"), .number("farmers"),
        .number("free"), .number("waiting"), .number("MH/s"))
      for pooler in poolers.rows {
        table.add(
          "\(pooler.id.rawValue)", pooler.name, pooler.online ? "yes" : "no",
          String(format: "%.2f", Double(pooler.shareBps) / 100), "\(pooler.farmers)",
          "\(pooler.placesFree)", "\(pooler.waiting)",
          String(format: "%.1f", pooler.hashRate / 1e6))
      }
      print(table.text)
    }
  }
}

/// The body that adds a pooler.
struct NewPooler: Encodable, Sendable {
  var name: String
  var walletAddress: String
  var shareBps: Int
  var maxFarmers: Int
}

/// How the API wraps lists.
struct Rows<Row: Codable & Sendable>: Codable, Sendable {
  var rows: [Row]
}
