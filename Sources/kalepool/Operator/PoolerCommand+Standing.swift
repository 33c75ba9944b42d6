import ArgumentParser
import Bridge
import Foundation

extension PoolerCommand {
  struct Standing: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Shows what bounds each pooler, what it owes, and whom it starves.")

    @OptionGroup var operation: OperatorOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
      let standings: Rows<API.PoolerStanding> = try await operation.client().call(
        "GET", "/api/v1/operator/pooler-standings")
      if output.json { return try printJSON(standings) }
      var table = TextTable(
        .number("id"), .text("name"), .number("farmers"), .number("places"), .number("delivered"),
        .number("bonded"), .number("bond"), .number("debt"), .number("bad"), .text("suspended"),
        .number("starved"))
      for one in standings.rows {
        table.add(
          "\(one.pooler.id.rawValue)", one.pooler.name, "\(one.pooler.farmers)",
          "\(one.placesOwn)", one.placesDelivered.map { "\($0)" } ?? "",
          one.placesBonded.map { "\($0)" } ?? "", one.bond.display, one.debt.display,
          "\(one.badBlocks)", one.suspended ? "yes" : "no", "\(one.starved.count)")
      }
      print(table.text)
      for one in standings.rows {
        for farmer in one.starved {
          print(
            "\(one.pooler.name) starves \(farmer.handle):"
              + String(format: " %.2f zeros below its others", farmer.zerosBelow)
              + " over \(farmer.blocks) blocks")
        }
      }
    }
  }

  struct Reinstate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lets a suspended pooler plant again.")

    @Argument(help: "The pooler's number.")
    var pooler: Int64

    @OptionGroup var operation: OperatorOptions

    func run() async throws {
      try await operation.client().checked(
        "POST", "/api/v1/operator/poolers/\(pooler)/reinstatements")
      print("Pooler \(pooler) plants again from its next request on.")
    }
  }

  struct ReleaseBond: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lets part of a bond go back to its pooler, once nothing is owed.")

    @Argument(help: "The pooler's number.")
    var pooler: Int64

    @Argument(help: "How much, in stroops of KALE.")
    var stroops: Int64

    @OptionGroup var operation: OperatorOptions

    func run() async throws {
      try await operation.client().checked(
        "POST", "/api/v1/operator/poolers/\(pooler)/bond-releases",
        json: ["amountStroops": "\(stroops)"])
      print("Up to \(stroops) stroops go back to pooler \(pooler) when nothing is owed.")
    }
  }
}
