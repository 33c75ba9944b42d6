import Bytes
import Foundation
import KaleRules
import StellarXDR
import TestKit
import Testing

@testable import Devnet

/// The KALE scenarios over the devnet's own entries: storage formats, lifetimes, authorisation trees
/// and the asset contract.
@Suite(.disabled(if: Vectors.areAbsent, "no vectors: set KALEPOOL_VECTORS"))
struct FarmVectorTests {
  @Test func scenarios() throws {
    for file in try Vectors.files(in: "kale") {
      let data = try Vectors.data("kale/" + file)
      guard let scenario = JSON(parsing: data), scenario["steps"] != nil else { continue }
      var replay = try Replay(scenario)
      for (number, step) in (scenario["steps"]?.asArray ?? []).enumerated() {
        let outcome = try replay.apply(step)
        let name: Comment = "\(file), step \(number)"
        try #require(outcome == step["expect"], name)
        let state = try #require(step["state"])
        try #require(try replay.differences(from: state) == [], name)
      }
    }
  }

  /// The shapes that mainnet really has.
  @Test func mainnetEntries() throws {
    let file = try #require(JSON(parsing: try Vectors.data("kale/mainnet.json")))
    let data = try LedgerEntryData(
      base64: try #require(file["instance"]?["entry_data"]?.asString))
    guard case .contractData(let entry) = data, let instance = entry.value.asInstance,
      let farm = FarmStorage.instance(instance)
    else {
      Issue.record("mainnet's instance is not read")
      return
    }
    #expect(farm.index == 183_487)
    #expect(FarmStorage.storing(farm, in: instance) == instance)
    let blocks = file["blocks"]?.asArray ?? []
    Vectors.tell("kale/mainnet.json", blocks.count, "blocks")
    for block in blocks {
      let value = try SCVal(base64: try #require(block["value_scval"]?.asString))
      let read = try #require(FarmStorage.block(value))
      #expect(FarmStorage.value(read) == value)
      let index = try #require(block["index"]?.asInt)
      let key = try #require(block["key_scval"]?.asString)
      #expect(SCVal.key("Block", .u32(UInt32(index))).base64 == key)
    }
  }
}
