import ArgumentParser
import Bridge

struct Audit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compares every wallet's books with the chain; the status is 1 when they differ.")

  @OptionGroup var operation: OperatorOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let report: API.AuditReport = try await operation.client().call(
      "POST", "/api/v1/operator/audits", timeout: BridgeClient.auditTimeout)
    if output.json {
      try printJSON(report)
    } else {
      print(
        "\(report.walletsChecked) wallets at ledger \(report.ledger):"
          + " \(report.differences.count) differences")
      if !report.differences.isEmpty { print(Self.table(report.differences)) }
    }
    if !report.differences.isEmpty { throw ExitCode.failure }
  }

  private static func table(_ differences: [API.AuditDifference]) -> String {
    var table = TextTable(.text("wallet"), .text("asset"), .number("books"), .number("chain"))
    for difference in differences {
      table.add(
        difference.wallet, difference.asset, difference.books.display, difference.chain.display)
    }
    return table.text
  }
}
