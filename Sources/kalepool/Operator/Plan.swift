import ArgumentParser
import Bridge
import Foundation

struct Plan: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows what would be done in a block and why.")

  @Option(help: "The open block's number or the next one's; without it the next.")
  var block: UInt32?

  @OptionGroup var operation: OperatorOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let query = block.map { "?block=\($0)" } ?? ""
    let plan: API.Plan = try await operation.client().call("GET", "/api/v1/operator/plan" + query)
    if output.json { return try printJSON(plan) }
    let shared = plan.parts.map { String(format: "%.1f parts", $0) } ?? "an unknown number of parts"
    print("Block \(plan.block) (\(plan.state)): \(plan.pot.display) KALE for \(shared).")
    print(
      "Gap \(plan.gapMin)…\(plan.gapMax), zeros \(plan.zerosMin)…\(plan.zerosMax), stake"
        + " \(plan.stakeMin.display)…\(plan.stakeMax.display) KALE; fees \(plan.fees.display) XLM each;"
        + " \(plan.ledgersLeft) ledgers left.")
    for reason in plan.reasons { print("- \(reason)") }
    guard !plan.farmers.isEmpty else { return }
    var table = TextTable(
      .text("farmer"), .number("stake"), .number("zeros"), .number("left"), .number("reward"),
      .text("not planted because"))
    for farmer in plan.farmers {
      table.add(
        farmer.handle, farmer.stake.display, farmer.zeros.map { "\($0)" } ?? "",
        farmer.whyNot == nil ? "\(farmer.handOverLedgersLeft)" : "",
        farmer.whyNot == nil ? farmer.reward?.display ?? "" : "", farmer.whyNot ?? "")
    }
    print(table.text)
  }
}
