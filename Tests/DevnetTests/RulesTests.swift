import Bytes
import Sodium
import StellarXDR
import Testing

@testable import Devnet

/// The network's limits: told as configuration entries, and obeyed.
@Suite struct RulesTests {
  @Test func settingsAreEntries() throws {
    let bench = Bench { $0.temporaryLedgers = 720 }
    var rules = NetworkRules.mainnet
    for id in ConfigSetting.ID.allCases {
      let entry = try #require(bench.ledger.entry(.configSetting(id.rawValue)))
      guard case .configSetting(let setting) = entry.data else {
        Issue.record("\(entry)")
        continue
      }
      #expect(setting.id == id)
      rules.take(setting)
    }
    #expect(rules.archival.temporaryTTLMin == 720)
    #expect(rules == bench.ledger.rules)
  }

  /// As many plants as the ledger has sequential instructions for, and no more written than it takes.
  @Test func aFullLedgerOfPlants() throws {
    var bench = Bench()
    let farmers = try Self.crowd(200, &bench)
    let plants = try farmers.map { try bench.prepare(Bench.plant($0, 0), by: $0) }
    for plant in plants { #expect(bench.ledger.submit(plant) == .pending) }
    bench.ledger.close()
    let included = bench.ledger.latest.transactions
    let declared = try #require(plants.first?.transaction.sorobanData).resources
    let byInstructions = 580_000_000 / Int(declared.instructions)
    let byBytes = 286_720 / Int(declared.writeBytes)
    #expect(included.count == min(byInstructions, byBytes))
    // What is known of the public network.
    #expect((115...145).contains(included.count))
    bench.ledger.close()
    #expect(bench.ledger.latest.transactions.count == 200 - included.count)
  }

  /// Calls that touch nothing in common run side by side.
  @Test func twoClusters() throws {
    var packing = ClusterPacking(.mainnet)
    func data(_ write: Int32, _ instructions: UInt32) -> SorobanTransactionData {
      SorobanTransactionData(
        resources: SorobanResources(
          footprint: LedgerFootprint(
            readOnly: [.configSetting(0)], readWrite: [.configSetting(write)]),
          instructions: instructions, diskReadBytes: 0, writeBytes: 0), resourceFee: 0)
    }
    let taken = [
      // Side by side, then each too long after either of them.
      (1, 400_000_000), (2, 400_000_000), (3, 200_000_000), (1, 200_000_000), (3, 180_000_000),
      // What writes what all read joins them, and then they are too long for one.
      (0, 1), (1, 180_000_000), (4, 1),
    ].map { packing.take(data($0.0, $0.1)) }
    #expect(taken == [true, true, false, false, true, false, true, false])
  }

  @Test func liftedLimits() throws {
    var bench = Bench { $0.rules.liftLedgerLimits() }
    let farmers = try Self.crowd(300, &bench)
    for farmer in farmers {
      let plant = try bench.prepare(Bench.plant(farmer, 0), by: farmer)
      #expect(bench.ledger.submit(plant) == .pending)
    }
    bench.ledger.close()
    #expect(bench.ledger.latest.transactions.count == 300)
  }

  /// Two ledgers' worth waits; then only better offers get in, and the least goes.
  @Test func aFullQueue() throws {
    var bench = Bench { $0.rules.cost.ledgerWriteEntriesMax = 6 }
    let farmers = try (0..<6).map { try bench.fund("farmer \($0)") }
    // Three entries each: four of them.
    func plant(_ at: Int, _ inclusion: UInt32) throws -> TransactionFrame {
      try bench.prepare(Bench.plant(farmers[at], 0), by: farmers[at], inclusion: inclusion)
    }
    let waiting = try (0..<4).map { try plant($0, 300 + UInt32($0)) }
    for frame in waiting { #expect(bench.ledger.submit(frame) == .pending) }
    let poor = try plant(4, 300)
    guard case .error(let refused) = bench.ledger.submit(poor) else {
      Issue.record("it had no room")
      return
    }
    #expect(refused.code == .insufficientFee)
    #expect(refused.feeCharged == 301 + poor.resourceFee)
    #expect(bench.ledger.submit(poor) == .tryAgainLater)
    // The lowest offer gives way, and is refused afterwards.
    let better = try plant(5, 301)
    #expect(bench.ledger.submit(better) == .pending)
    #expect(!bench.ledger.isWaiting(waiting[0].hash))
    #expect(bench.ledger.submit(waiting[0]) == .tryAgainLater)
    bench.close(2)
    #expect(bench.ledger.transactionsApplied >= 4)
    #expect(bench.ledger.queue.count == 0)
  }

  @Test func oneTransactionsLimits() throws {
    var bench = Bench()
    let farmer = try bench.fund("farmer")
    let draft = try bench.draft(Bench.plant(farmer, 0), by: farmer, inclusion: 10_000_000)
    let changes: [(inout SorobanTransactionData) -> Void] = [
      { $0.resources.instructions = 400_000_001 }, { $0.resources.writeBytes = 132_097 },
      { $0.resources.diskReadBytes = 200_001 },
      { data in
        data.resources.footprint.readWrite += (0..<200).map {
          .persistent(Bench.network.farmContract, .u32($0))
        }
      },
    ]
    for change in changes {
      var transaction = draft
      var data = try #require(transaction.sorobanData)
      change(&data)
      data.resourceFee += 5_000_000
      transaction.sorobanData = data
      guard case .error(let result) = bench.ledger.submit(bench.frame(transaction, [farmer])) else {
        Issue.record("over a limit")
        continue
      }
      #expect(result.code == .sorobanInvalid)
    }
  }

  /// Many farmers by few transactions.
  private static func crowd(_ count: Int, _ bench: inout Bench) throws -> [Ed25519KeyPair] {
    let farmers = (0..<count).map { Bench.pair("crowd \($0)") }
    for start in stride(from: 0, to: count, by: 100) {
      let operations = farmers[start..<min(count, start + 100)].map {
        Operation(.createAccount(destination: $0.publicKey, startingBalance: 100 * Bench.coin))
      }
      try bench.apply(operations, by: DevnetKeys.friendbot)
    }
    return farmers
  }
}
