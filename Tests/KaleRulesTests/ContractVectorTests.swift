import Bytes
import Foundation
import KaleRules
import TestKit
import Testing

/// Every scenario of `vectors/kale`, step by step, the whole state compared after each.
@Suite(.disabled(if: Vectors.areAbsent, "no vectors: set KALEPOOL_VECTORS"))
struct ContractVectorTests {
  @Test func scenarios() throws {
    let scenarios = try Scenario.all()
    #expect(!scenarios.isEmpty)
    for scenario in scenarios { try run(scenario) }
  }

  private func run(_ scenario: Scenario) throws {
    var model = try FarmModel(scenario)
    #expect(try model.state(scenario.initial) == scenario.initial, "\(scenario.name), initial")
    for (number, step) in scenario.steps.enumerated() {
      let name: Comment = "\(scenario.name), step \(number) (\(step.op))"
      let before = try model.state(step.state)
      let outcome = try model.apply(step)
      try #require(outcome == step.expect, name)
      let state = try model.state(step.state)
      if outcome?.ok == false { try #require(state == before, "\(name) changed something") }
      try #require(state == step.state, name)
    }
  }
}

extension FarmModel {
  /// The model in exactly the scenario's initial state.
  init(_ scenario: Scenario) throws {
    let (params, initial) = (scenario.params, scenario.initial)
    var farm = FarmInstance(
      homesteader: try #require(FarmAddress(text: params.homesteader)), asset: .zero,
      deployedAt: 0)
    farm.storedIndex = initial.farmIndex == 0 ? nil : BlockIndex(initial.farmIndex)
    farm.storedPaused = initial.farmPaused ? true : nil
    farm.farmBlock = try FarmBlock(initial.farmBlock)
    var token = TokenModel(issuer: try #require(FarmAddress(text: params.issuer)))
    for (text, balance) in initial.balances {
      guard let balance else { continue }
      let holder = try #require(FarmAddress(text: text))
      switch holder {
      case .account:
        token.trustlines[holder] = Trustline(balance: try #require(Int64(balance)))
      case .contract:
        let amount: Int128 = try #require(Int128(balance))
        token.contractBalances[holder] = amount
      }
    }
    self.init(
      contract: FarmContract(blockSeconds: params.blockInterval),
      temporaryLedgers: params.minTempEntryTtl,
      sequence: LedgerSequence(initial.ledger.sequence), time: initial.ledger.timestamp,
      farm: farm, token: token)
    for block in initial.blocks {
      blocks[BlockIndex(block.index)] = Live(
        try FarmBlock(block.fields), until: LedgerSequence(block.liveUntil))
    }
    for pail in initial.pails {
      let farmer = try #require(FarmAddress(text: pail.farmer))
      pails[PailKey(farmer, BlockIndex(pail.index))] = Live(
        Pail(
          sequence: LedgerSequence(pail.sequence), gap: pail.gap,
          stake: try #require(Int128(pail.stake)), zeros: pail.zeros),
        until: LedgerSequence(pail.liveUntil))
    }
  }

  typealias Trustline = TokenModel.Trustline

  mutating func apply(_ step: Scenario.Step) throws -> Scenario.Expectation? {
    do {
      guard let value = try call(step) else { return nil }
      return Scenario.Expectation(ok: true, value: value.value, error: nil)
    } catch let failure as FarmFailure {
      return Scenario.Expectation(ok: false, value: nil, error: try failure.asVector())
    }
  }

  private struct Outcome { var value: Scenario.Value? }

  private mutating func call(_ step: Scenario.Step) throws -> Outcome? {
    let signed: Authorization
    switch step.auth {
    case "full": signed = .full
    case "root_only": signed = .rootOnly
    default: signed = .none
    }
    switch step.op {
    case "advance":
      advance(
        ledgers: try #require(step.ledgers), seconds: try #require(step.closeSeconds))
      return nil
    case "plant":
      try plant(
        farmer: farmer(step), amount: try #require(Int128(step.amount ?? "")),
        authorization: signed)
      return Outcome()
    case "work":
      let gap = try work(
        farmer: farmer(step), hash: try #require(Bytes32(hex: step.hash ?? "")),
        nonce: try #require(UInt64(step.nonce ?? "")))
      return Outcome(value: .number(gap))
    case "harvest":
      let reward = try harvest(
        farmer: farmer(step), index: BlockIndex(try #require(step.index)))
      return Outcome(value: .decimal(reward.description))
    case "pause": try pause(authorization: signed)
    case "unpause": try unpause(authorization: signed)
    case "remove_block":
      try removeBlock(BlockIndex(try #require(step.index)), authorization: signed)
    default: throw CocoaError(.featureUnsupported)
    }
    return Outcome()
  }

  private func farmer(_ step: Scenario.Step) throws -> FarmAddress {
    try #require(FarmAddress(text: step.farmer ?? ""))
  }

  /// What the scenario shows of the model; balances of the addresses that `like` lists and of all
  /// others that hold anything.
  func state(_ like: Scenario.State) throws -> Scenario.State {
    var balances: [String: String?] = [:]
    let held = Array(token.trustlines.keys) + token.contractBalances.keys
    for text in Array(like.balances.keys) + held.map(\.text) {
      let holder = try #require(FarmAddress(text: text))
      balances.updateValue(token.balance(of: holder)?.description, forKey: text)
    }
    let shownBlocks = blocks.sorted { $0.key < $1.key }.map {
      Scenario.BlockEntry(
        index: $0.key.rawValue, liveUntil: $0.value.until.rawValue, fields: $0.value.value.fields)
    }
    var shownPails = pails.map { key, pail in
      Scenario.PailEntry(
        farmer: key.farmer.text, index: key.index.rawValue, liveUntil: pail.until.rawValue,
        sequence: pail.value.sequence.rawValue, gap: pail.value.gap,
        stake: pail.value.stake.description, zeros: pail.value.zeros)
    }
    let order = Dictionary(
      uniqueKeysWithValues: like.pails.enumerated().map { ("\($1.farmer) \($1.index)", $0) })
    shownPails.sort {
      (order["\($0.farmer) \($0.index)"] ?? .max) < (order["\($1.farmer) \($1.index)"] ?? .max)
    }
    return Scenario.State(
      ledger: .init(sequence: sequence.rawValue, timestamp: time),
      farmIndex: farm.index.rawValue, farmPaused: farm.isPaused,
      farmBlock: farm.farmBlock.fields, blocks: shownBlocks, pails: shownPails,
      balances: balances)
  }
}

extension FarmBlock {
  init(_ fields: Scenario.BlockFields) throws {
    self.init(
      timestamp: fields.timestamp, minGap: fields.minGap, maxGap: fields.maxGap,
      minStake: try #require(Int128(fields.minStake)),
      maxStake: try #require(Int128(fields.maxStake)), minZeros: fields.minZeros,
      maxZeros: fields.maxZeros, entropy: try #require(Bytes32(hex: fields.entropy)),
      stakedTotal: try #require(Int128(fields.stakedTotal)),
      normalizedTotal: try #require(Int128(fields.normalizedTotal)))
  }

  var fields: Scenario.BlockFields {
    Scenario.BlockFields(
      timestamp: timestamp, minGap: minGap, maxGap: maxGap, minZeros: minZeros,
      maxZeros: maxZeros, minStake: minStake.description, maxStake: maxStake.description,
      stakedTotal: stakedTotal.description, normalizedTotal: normalizedTotal.description,
      entropy: entropy.description)
  }
}

extension FarmFailure {
  func asVector() throws -> Scenario.Expectation.Failure {
    switch self {
    case .kale(let error):
      .init(kind: "contract", source: "kale", code: error.code, name: error.name)
    case .token(let error):
      .init(kind: "contract", source: "token", code: error.code, name: error.name)
    case .unauthorized: .init(kind: "auth", source: nil, code: nil, name: nil)
    case .trap: .init(kind: "trap", source: nil, code: nil, name: nil)
    case .outsideFootprint: throw self
    }
  }
}
