import Bytes
import KaleRules
import Pool
import Testing

/// Each row of the attribution table, its edges, and the losses that lead to them.
@Suite struct BlameTests {
  /// Planted in time by a connected pooler, assigned at once, delivered, and nothing came.
  static func evidence(
    _ stage: LossEvidence.Stage = .notWorked,
    _ change: (inout LossEvidence) -> Void = { _ in }
  ) -> LossEvidence {
    var evidence = LossEvidence(stage: stage, cutOffLedgers: 4, answerLedgers: 6)
    evidence.confirmedLedgersLeft = 57
    evidence.agentWasConnected = true
    evidence.assignedLedgersLeft = 57
    evidence.assignmentDelivered = true
    change(&evidence)
    return evidence
  }

  // MARK: - The table, from the top

  @Test func whatWasNotPlantedIsNobodysLoss() {
    #expect(Blame(Self.evidence(.notPlanted)).payer == nil)
    #expect(Blame(Self.evidence(.notPlanted) { $0.nonceLedgersLeft = 50 }).payer == nil)
  }

  @Test func aWalletWithoutXLMIsTheFarmersUnlessTheSponsorCouldPay() {
    let short = Self.evidence {
      $0.nonceLedgersLeft = 50
      $0.walletShortOfXLM = true
    }
    #expect(Blame(short).payer == .farmer)
    var sponsored = short
    sponsored.sponsorCouldPay = true
    #expect(Blame(sponsored).payer == .treasury)
    // Without a nonce the empty wallet is not what lost the stake.
    var silent = short
    silent.nonceLedgersLeft = nil
    #expect(Blame(silent).payer == .pooler)
  }

  @Test func aNonceInTimeNotOnChainIsTheTreasurys() {
    #expect(Blame(Self.evidence { $0.nonceLedgersLeft = 50 }).payer == .treasury)
    // Whatever else went wrong.
    let down = Self.evidence {
      $0.nonceLedgersLeft = 50
      $0.restartedLedgersLeft = 0
      $0.assignmentDelivered = false
    }
    #expect(Blame(down).payer == .treasury)
  }

  @Test func aCoordinatorThatWasDownOrLateIsTheTreasurys() {
    #expect(Blame(Self.evidence { $0.restartedLedgersLeft = 0 }).payer == .treasury)
    #expect(Blame(Self.evidence { $0.confirmedLedgersLeft = nil }).payer == .treasury)
    let unassigned = Self.evidence {
      $0.assignedLedgersLeft = nil
      $0.assignmentDelivered = false
    }
    #expect(Blame(unassigned).payer == .treasury)
  }

  @Test func anAssignmentWithoutANonceIsThePoolers() {
    #expect(Blame(Self.evidence()).payer == .pooler)
    // Down, and back with time enough.
    #expect(Blame(Self.evidence { $0.restartedLedgersLeft = 40 }).payer == .pooler)
  }

  @Test func aPoolerWhoIsGoneBeforeItTakesTheAssignmentPays() {
    let gone = Self.evidence {
      $0.agentWasConnected = false
      $0.assignedLedgersLeft = nil
      $0.assignmentDelivered = false
    }
    #expect(Blame(gone).payer == .pooler)
    // Back too late to be assigned in time.
    var late = gone
    late.assignedLedgersLeft = 3
    #expect(Blame(late).payer == .pooler)
    // Given the assignment, and away before it said so.
    #expect(Blame(Self.evidence { $0.assignmentDelivered = false }).payer == .pooler)
  }

  @Test func aMissedHarvestIsTheTreasurys() {
    #expect(Blame(Self.evidence(.notHarvested)).payer == .treasury)
  }

  // MARK: - Edges, a ledger to either side

  @Test(arguments: [(5, Payer.treasury), (4, .treasury), (3, .pooler)] as [(Int64, Payer)])
  func aNonceIsInTimeToTheCutOff(left: Int64, payer: Payer) {
    #expect(Blame(Self.evidence { $0.nonceLedgersLeft = left }).payer == payer)
  }

  @Test(arguments: [(11, Payer.pooler), (10, .pooler), (9, .treasury)] as [(Int64, Payer)])
  func thereMustBeTimeToAnswer(left: Int64, payer: Payer) {
    #expect(Blame(Self.evidence { $0.confirmedLedgersLeft = left }).payer == payer)
    #expect(Blame(Self.evidence { $0.restartedLedgersLeft = left }).payer == payer)
    #expect(Blame(Self.evidence { $0.assignedLedgersLeft = left }).payer == payer)
  }

  /// Every evidence there can be has a payer where a stake was lost, and none where it was not.
  @Test func attributionIsTotal() {
    let lefts: [Int64?] = [nil, 0, 3, 4, 9, 10, 57]
    var seen: Set<Payer> = []
    for stage in LossEvidence.Stage.allCases {
      for bits in 0..<16 {
        for nonce in lefts {
          for confirmed in lefts {
            for restarted in lefts {
              for assigned in lefts {
                var evidence = LossEvidence(stage: stage, cutOffLedgers: 4, answerLedgers: 6)
                evidence.walletShortOfXLM = bits & 1 != 0
                evidence.sponsorCouldPay = bits & 2 != 0
                evidence.agentWasConnected = bits & 4 != 0
                evidence.assignmentDelivered = bits & 8 != 0
                evidence.nonceLedgersLeft = nonce
                evidence.confirmedLedgersLeft = confirmed
                evidence.restartedLedgersLeft = restarted
                evidence.assignedLedgersLeft = assigned
                let blame = Blame(evidence)
                #expect((blame.payer == nil) == (stage == .notPlanted))
                // A farmer pays only for an empty wallet, a pooler never for a nonce in time.
                if blame.payer == .farmer { #expect(evidence.walletShortOfXLM) }
                if blame.payer == .pooler { #expect(!evidence.nonceInTime) }
                blame.payer.map { _ = seen.insert($0) }
              }
            }
          }
        }
      }
    }
    #expect(seen == Set(Payer.allCases))
  }
}

/// The same as it happens in a pool.
extension BlameTests {
  static func losses(_ game: Game) -> [StakeLost] { game.journal.compactMap { $0 as? StakeLost } }

  @Test func aSilentPoolerPaysForTheStake() throws {
    var game = Game(farmers: 2)
    game.request()
    while game.count(AssignmentMade.self) < 2 { game.ledger() }
    for farmer in Int64(1)...2 {
      let assignment = try #require(
        game.state.farmers[farmer]?.plantings[game.view.farmIndex]?.assignment)
      game.record([
        AssignmentDelivered(
          block: game.view.farmIndex, farmer: farmer, agent: assignment.agent, turn: 0)
      ])
    }
    for _ in 0..<70 { game.ledger() }  // nobody hashes
    let losses = Self.losses(game)
    #expect(losses.count == 2)
    #expect(losses.allSatisfy { $0.payer == .pooler && $0.stake == 200_000_000 })
    #expect(game.state.farmers[1]?.agreement?.loss == 200_000_000)
    #expect(game.state.balance(.staked(1), .kale) == 0)
    // Each proof is an event of the journal, by its position.
    let words = try #require(losses.first).evidence.split(separator: " ")
    func event(_ key: String) throws -> any PoolEvent {
      let word = try #require(words.first { $0.hasPrefix("\(key)=#") })
      let position = try #require(Int(word.dropFirst(key.count + 2)))
      return game.journal[position - 1]
    }
    let farmer = try #require(losses.first?.farmer)
    #expect(try event("plant_request") is PlantRequested)
    #expect((try event("planting") as? PlantingResolved)?.farmer == farmer)
    #expect((try event("assignment") as? AssignmentMade)?.farmer == farmer)
    #expect((try event("delivery") as? AssignmentDelivered)?.farmer == farmer)
    #expect(try event("coordinator_start") is CoordinatorStarted)
    #expect(!words.contains { $0.hasPrefix("nonce=") })
  }

  @Test func aPoolerThatAskedAndWentPays() {
    var game = Game(farmers: 1)
    game.request()
    while game.mempool.isEmpty { game.ledger() }
    game.connect(false)
    for _ in 0..<70 { game.step() }
    #expect(Self.losses(game).map(\.payer) == [.pooler])
    #expect(game.count(AssignmentMade.self) == 0)
  }

  @Test func aNonceThatWasNotBroughtOnChainIsTheTreasurys() {
    var game = Game(farmers: 1)
    game.refused = [.work]
    game.request()
    for _ in 0..<130 { game.step() }
    #expect(game.count(StakeLost.self) { $0.payer == .treasury } == 1)
    #expect(game.state.farmers[1]?.owedPrincipal == 200_000_000)
  }

  /// Down from before the nonce until after the block: the loss was the coordinator's.
  @Test(
    arguments: [(200, .pooler), (245, .pooler), (250, .treasury), (310, .treasury)]
      as [(Int64, Payer)])
  func theCoordinatorsOwnAbsenceIsItsLoss(back: Int64, payer: Payer) {
    var game = Game(farmers: 1)
    game.request()
    while game.count(AssignmentMade.self) < 1 { game.ledger() }
    let agent = Game.agents[0]
    game.record([
      AssignmentDelivered(block: game.view.farmIndex, farmer: 1, agent: agent, turn: 0),
      CoordinatorStarted(
        version: "test", ledger: game.view.ledger, ledgerCloseTime: game.view.openedAt + back),
    ])
    for _ in 0..<70 { game.ledger() }
    #expect(Self.losses(game).map(\.payer) == [payer])
  }

  /// The nodes tell of many ledgers at once after the assignment, with 59 left.
  @Test(arguments: [(6, Payer.pooler), (49, .pooler), (50, .treasury)] as [(UInt32, Payer)])
  func whatTheNodesDidNotTellIsHeldAgainstNobody(ledgers: UInt32, payer: Payer) throws {
    var game = Game(farmers: 1)
    game.request()
    while game.count(AssignmentMade.self) < 1 { game.ledger() }
    let left = game.state.farmers[1]?.plantings[game.view.farmIndex]?.assignedLedgersLeft
    try #require(left == 59)
    game.record([
      AssignmentDelivered(
        block: game.view.farmIndex, farmer: 1, agent: Game.agents[0], turn: 0)
    ])
    var run = PoolRun(game.state)
    run.ledgerClosed(game.view)
    var later = game.view
    later.ledger = later.ledger + ledgers
    later.closeTime += 5 * Int64(ledgers)
    run.ledgerClosed(later)
    game.view.unseen = try #require(run.view).unseen
    for _ in 0..<70 { game.ledger() }
    #expect(Self.losses(game).map(\.payer) == [payer])
  }

  /// What the nodes had not told before the assignment was made is nobody's excuse.
  @Test func whatTheNodesToldBeforeTheAssignmentCountsNoMore() throws {
    var game = Game(farmers: 1)
    game.request()
    while game.count(AssignmentMade.self) < 1 { game.ledger() }
    let block = game.view.farmIndex
    game.record([
      AssignmentDelivered(block: block, farmer: 1, agent: Game.agents[0], turn: 0)
    ])
    let left = try #require(game.state.farmers[1]?.plantings[block]?.assignedLedgersLeft)
    game.view.unseen[block] = [UnseenLedgers(left: left + 1, count: 50)]
    for _ in 0..<70 { game.ledger() }
    #expect(Self.losses(game).map(\.payer) == [.pooler])
  }

  @Test func aMissedHarvestOwesStakeAndReward() throws {
    var game = Game(farmers: 1)
    game.play(blocks: 1)
    #expect(game.wait(200) { $0.count(Harvested.self) == 1 })
    let block = try #require(game.journal.compactMap { $0 as? WorkResolved }.first)
    let farmer = try #require(game.state.farmers[1])
    var planting = Planting(pooler: Game.pooler)
    planting.stake = 200_000_000
    planting.phase = .worked(zeros: block.zeros, gap: block.gap)
    let lost = game.state.lost(planting, of: farmer, block.block, harvestMissed: true)
    // Gap of 50 or more, zeros 6 of 4…8, more than the greatest stake: 2.5 of 50 parts.
    #expect(lost.payer == .treasury && lost.stake == 200_000_000)
    let gap = Int128(min(50, block.gap)) * 1_000_000 / 50
    let pot = KaleReward.pot(block.block)
    #expect(Int128(lost.reward.rawValue) == pot * (gap + 1_500_000) / 50_000_000)
  }
}
