import ArgumentParser
import Foundation
import Pool
import Postgres
import Store

struct Balances: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows what every account of the books holds, now or at any time past.")

  @Option(
    help: ArgumentHelp(
      "When: an instant such as 2026-11-23T20:15:00Z, or the number of an event.",
      discussion: "Instants are by the database's clock, as events are recorded."))
  var at: String?

  @Option(help: "One account only, such as wallet:HEX, staked:FARMER, farm, fees or outside.")
  var account: String?

  @OptionGroup var place: DatabaseOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    try await Program.run { log in
      let account = try account.map { text in
        guard let account = BookAccount(text: text) else {
          throw CommandFailure("--account \(text) is no account of the books")
        }
        return account
      }
      try await place.withStore(log: log) { settings in
        let history = History(settings)
        let result: Result<[BookBalance], any Error>
        do {
          result = .success(try await balances(of: account, history))
        } catch { result = .failure(error) }
        await history.close()
        try show(try result.get())
      }
    }
  }

  private func balances(
    of account: BookAccount?, _ history: History
  ) async throws -> [BookBalance] {
    let position = try await position(history)
    if let account {
      return try await history.balances(of: account, through: position ?? .max)
    }
    return try await history.balances(through: position)
  }

  private func position(_ history: History) async throws -> Int64? {
    guard let at else { return nil }
    if let number = Int64(at), number >= 0 { return number }
    let form = Date.ISO8601FormatStyle(includingFractionalSeconds: at.contains("."))
    guard let date = try? form.parse(at) else {
      throw CommandFailure(
        "--at \(at): give an instant such as 2026-11-23T20:15:00Z, or the number of an event")
    }
    return try await history.position(at: Int64(date.timeIntervalSince1970 * 1_000_000))
  }

  private func show(_ balances: [BookBalance]) throws {
    if output.json {
      return try printJSON(
        balances.map {
          Row(account: $0.account.text, asset: $0.asset.rawValue, stroops: String($0.amount))
        })
    }
    var table = TextTable(.text("account"), .text("asset"), .number("stroops"))
    for balance in balances {
      table.add(balance.account.text, balance.asset.rawValue, String(balance.amount))
    }
    print(table.text)
  }

  private struct Row: Encodable {
    var account: String
    var asset: String
    var stroops: String
  }
}
