import Bytes
import KaleRules
import Sodium
import StellarXDR
import Testing

@testable import Devnet

@Suite struct SimulationTests {
  @Test func footprintAndAuthorisationOfAPlant() throws {
    var bench = Bench()
    let a = try bench.fund("a", kale: 10)
    guard case .success(let plant) = bench.simulate(Bench.plant(a, 3), by: a).outcome else {
      Issue.record("no simulation")
      return
    }
    let farm = Bench.network.farmContract
    let footprint = plant.data.resources.footprint
    #expect(
      Set(footprint.readWrite) == [
        .instance(of: farm), FarmStorage.blockKey(0, of: farm),
        FarmStorage.pailKey(.account(a.publicKey), 0, of: farm),
        .trustline(of: a.publicKey, for: Bench.network.asset),
      ])
    #expect(footprint.readOnly.count == 2)
    #expect(footprint.readOnly.contains(.instance(of: Bench.network.assetContract)))
    let entry = try #require(plant.auth.first)
    #expect(plant.auth.count == 1)
    #expect(entry.credentials == .sourceAccount)
    #expect(entry.invocation.subInvocations.count == 1)
    #expect(
      entry.invocation.subInvocations.first?.function
        == .contract(
          InvokeContractArgs(
            contract: .contract(Bench.network.assetContract), function: "burn",
            arguments: [Bench.address(a), .i128(3)])))
  }

  @Test func withoutAStakeNoTokenIsTouched() throws {
    var bench = Bench()
    let a = try bench.fund("a")
    guard case .success(let plant) = bench.simulate(Bench.plant(a, 0), by: a).outcome else {
      Issue.record("no simulation")
      return
    }
    #expect(plant.data.resources.footprint.readWrite.count == 3)
    #expect(plant.data.resources.footprint.readOnly.count == 1)
    #expect(plant.auth.first?.invocation.subInvocations.isEmpty == true)
  }

  @Test func nothingChanges() throws {
    var bench = Bench()
    let a = try bench.fund("a", kale: 10)
    let before = bench.ledger.state.entries
    _ = bench.simulate(Bench.plant(a, 3), by: a)
    #expect(bench.ledger.state.entries == before)
  }

  /// What is charged is what was said or less, and adds up to the parts in meta and result.
  @Test func feesAgree() throws {
    var bench = Bench()
    let a = try bench.fund("a", kale: 10)
    let frame = try bench.prepare(Bench.plant(a, 3), by: a)
    let before = try #require(bench.xlm(a))
    let result = try bench.include(frame)
    let fees = try #require(try bench.meta(frame.hash).soroban?.fees)
    #expect(result.feeCharged == 100 + fees.nonRefundable + fees.refundable)
    #expect(result.feeCharged <= frame.fee)
    #expect(fees.rent > 0 && fees.rent <= fees.refundable)
    #expect(bench.xlm(a) == before - result.feeCharged)
    let events = try bench.meta(frame.hash).transactionEvents
    #expect(events.map(\.stage) == [.beforeAllTransactions, .afterAllTransactions])
    let sum = events.compactMap(\.event.data.asI128).reduce(0, +)
    #expect(sum == Int128(result.feeCharged))
    guard case .tried(_, _, .invoked(let hash)) = try #require(result.operations.first) else {
      Issue.record("no hash")
      return
    }
    var writer = XDRWriter()
    writer.value(SCVal.void)
    writer.list(try bench.meta(frame.hash).contractEvents)
    #expect(hash == sha256(writer.bytes))
  }

  @Test func resourcesAreHeldTo() throws {
    var bench = Bench()
    let a = try bench.fund("a", kale: 10)
    let good = try bench.draft(Bench.plant(a, 3), by: a)
    func code(_ change: (inout SorobanTransactionData) -> Void) throws -> Int32? {
      var (copy, transaction) = (bench, good)
      change(&transaction.sorobanData!)  // made by draft
      let result = try copy.include(copy.frame(transaction, [a]))
      guard case .tried(_, let code, _) = result.operations.first else { return nil }
      return code
    }
    #expect(try code { _ in } == 0)
    #expect(try code { $0.resources.instructions = 1_000_000 } == -3)
    #expect(try code { $0.resources.writeBytes = 500 } == -3)
    #expect(try code { $0.resources.footprint.readWrite.removeLast() } == -2)
    #expect(try code { $0.resources.footprint.readOnly.removeLast() } == -2)
    #expect(try code { $0.resourceFee -= 12_000 } == -5)
  }

  /// By either kind of address credentials, the second of protocol 27.
  @Test(arguments: [false, true])
  func anotherSourceNeedsTheFarmersSignature(isV2: Bool) throws {
    var bench = Bench()
    let farmer = try bench.fund("farmer", kale: 10)
    let channel = try bench.fund("channel", kale: nil)
    var draft = try bench.draft(Bench.plant(farmer, 3), by: channel)
    guard case .invokeHostFunction(let function, let auth) = draft.operations[0].body,
      let open = auth.first, case .address(var proof) = open.credentials
    else {
      Issue.record("no open authorisation")
      return
    }
    #expect(proof.address == .account(farmer.publicKey))
    proof.expirationLedger = bench.ledger.latest.sequence + 10
    let entry = SorobanAuthorizationEntry(
      credentials: isV2 ? .addressV2(proof) : .address(proof), invocation: open.invocation)
    func with(_ entry: SorobanAuthorizationEntry) -> TransactionFrame {
      draft.operations[0].body = .invokeHostFunction(function, auth: [entry])
      draft.fee += 40_000
      draft.sorobanData?.resourceFee += 40_000
      draft.sorobanData?.resources.writeBytes += 400
      return bench.frame(draft, [channel])
    }
    let networkID = Bench.network.networkID
    let wrong = with(entry.signed(by: channel, networkID: networkID))
    #expect(try bench.include(wrong).operations.first?.isSuccess == false)
    draft.sequence += 1
    let right = with(entry.signed(by: farmer, networkID: networkID))
    let result = try bench.include(right)
    #expect(result.isSuccess, "\(result)")
    #expect(bench.kale(farmer) == 7)
  }

  @Test func whatCannotBeSimulated() throws {
    var bench = Bench()
    let a = try bench.fund("a")
    func text(_ operations: [Operation], _ memo: Memo = .none) -> String? {
      let simulation = bench.ledger.simulate(
        Transaction(
          source: .account(a.publicKey), fee: 100, sequence: 1, memo: memo, operations: operations))
      guard case .failure(let text) = simulation.outcome else { return nil }
      return text
    }
    let plant = Bench.plant(a, 0)
    #expect(text([plant, plant])?.contains("more than one operation") == true)
    #expect(text([Operation(.bumpSequence(to: 1))])?.contains("unsupported operation") == true)
    #expect(text([plant], .id(1))?.contains("memo") == true)
    let unknown = Operation.invoke(.zero, "plant", [])
    #expect(text([unknown])?.hasPrefix("HostError: Error(Storage, MissingValue)") == true)
    let nothing = Operation.invoke(Bench.network.farmContract, "dig", [])
    #expect(text([nothing])?.hasPrefix("HostError: Error(WasmVm, MissingValue)") == true)
  }

  @Test func assetContracts() throws {
    var bench = Bench()
    let a = try bench.fund("a", kale: 10)
    let b = try bench.fund("b", kale: nil)
    let kale = Bench.network.assetContract
    let xlm = Bench.network.xlmContract
    func value(_ contract: Bytes32, _ function: String, _ arguments: SCVal...) throws -> SCVal {
      guard
        case .success(let success) = bench.simulate(
          .invoke(contract, function, arguments), by: a
        ).outcome
      else { throw BenchError.simulationFailed }
      return try #require(success.value)
    }
    #expect(try value(kale, "balance", Bench.address(a)) == .i128(10))
    #expect(try value(kale, "decimals") == .u32(7))
    #expect(try value(kale, "symbol") == .string(Array("KALE".utf8)))
    #expect(try value(kale, "admin") == .address(.contract(Bench.network.farmContract)))
    // To a contract, to a new account, and to who cannot receive.
    let vault = SCVal.address(.contract(sha256([1])))
    _ = try bench.call(
      .invoke(kale, "transfer", [Bench.address(a), vault, .i128(4)]), by: a)
    #expect(try value(kale, "balance", vault) == .i128(4))
    let new = Bench.pair("new")
    _ = try bench.call(
      .invoke(xlm, "transfer", [Bench.address(a), Bench.address(new), .i128(20_000_000)]), by: a)
    #expect(bench.xlm(new) == 20_000_000)
    #expect(
      try bench.failure(
        .invoke(kale, "transfer", [Bench.address(a), Bench.address(b), .i128(1)]), by: a)
        == "HostError: Error(Contract, #13)")
    #expect(
      try bench.failure(
        .invoke(kale, "transfer", [Bench.address(a), vault, .i128(-1)]), by: a)
        == "HostError: Error(Contract, #8)")
    // Nobody mints but the farm.
    let mint = try bench.prepare(
      .invoke(kale, "mint", [Bench.address(a), .i128(1)]), by: a)
    #expect(
      try bench.include(mint).operations == [.tried(.invokeHostFunction, code: -2, .none)])
  }
}
