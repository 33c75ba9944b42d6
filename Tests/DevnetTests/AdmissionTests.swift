import Bytes
import Sodium
import StellarXDR
import Testing

@testable import Devnet

/// What is refused before it is in a ledger.
@Suite struct AdmissionTests {
  private static func pay(_ to: Ed25519KeyPair, _ amount: Int64 = 1) -> Operation {
    Operation(.payment(destination: .account(to.publicKey), asset: .native, amount: amount))
  }

  private func bench() throws -> (Bench, a: Ed25519KeyPair, b: Ed25519KeyPair) {
    var bench = Bench()
    let a = try bench.fund("a", kale: nil)
    let b = try bench.fund("b", kale: nil)
    return (bench, a, b)
  }

  private func code(_ outcome: SubmitOutcome) -> TransactionResultCode? {
    if case .error(let result) = outcome { result.innerCode } else { nil }
  }

  @Test func sequenceNumbers() throws {
    var (bench, a, b) = try bench()
    let next = try #require(bench.ledger.account(a.publicKey)).sequence + 1
    for wrong in [next - 1, next + 1] {
      let frame = try bench.frame([Self.pay(b)], by: a, sequence: wrong)
      #expect(code(bench.ledger.submit(frame)) == .badSequence)
    }
    // A failed transaction uses its number, a refused one does not.
    let failing = try bench.frame([Self.pay(b, 1_000 * Bench.coin)], by: a)
    #expect(try bench.include(failing).code == .failed)
    #expect(bench.ledger.account(a.publicKey)?.sequence == next)
  }

  @Test func signatures() throws {
    var (bench, a, b) = try bench()
    let good = try bench.frame([Self.pay(b)], by: a)
    let unsigned = bench.frame(good.transaction, [])
    let wrong = bench.frame(good.transaction, [b])
    let stray = bench.frame(good.transaction, [a, b])
    #expect(code(bench.ledger.submit(unsigned)) == .badAuth)
    #expect(code(bench.ledger.submit(wrong)) == .badAuth)
    #expect(code(bench.ledger.submit(stray)) == .badAuthExtra)
    // An operation of somebody else's needs his signature.
    let foreign = Operation(
      Self.pay(a).body, source: .account(b.publicKey))
    let frame = try bench.frame([foreign], by: a)
    #expect(code(bench.ledger.submit(frame)) == .failed)
    let both = try bench.frame([foreign], by: a, alsoBy: [b])
    #expect(bench.ledger.submit(both) == .pending)
  }

  @Test func timeBounds() throws {
    let (bench, a, b) = try bench()
    let now = bench.ledger.latest.closeTime
    func outcome(_ min: UInt64, _ max: UInt64) throws -> SubmitOutcome {
      var copy = bench
      let bounds = Preconditions.time(TimeBounds(min: min, max: max))
      return copy.ledger.submit(try copy.frame([Self.pay(b)], by: a, preconditions: bounds))
    }
    #expect(code(try outcome(0, now + 9)) == .tooLate)
    #expect(try outcome(0, now + 10) == .pending)
    #expect(code(try outcome(now + 1, 0)) == .tooEarly)
    #expect(try outcome(now, 0) == .pending)
  }

  @Test func moneyAndMalformed() throws {
    var (bench, a, b) = try bench()
    let cheap = try bench.frame([Self.pay(b)], by: a, fee: 99)
    guard case .error(let result) = bench.ledger.submit(cheap) else {
      Issue.record("a fee of 99 was taken")
      return
    }
    #expect(result.code == .insufficientFee)
    #expect(result.feeCharged == 100)
    let none = try bench.frame([], by: a)
    #expect(code(bench.ledger.submit(none)) == .missingOperation)
    let negative = try bench.frame([Self.pay(b, -1)], by: a)
    #expect(code(bench.ledger.submit(negative)) == .failed)
    let nobody = Bench.pair("nobody")
    let unknown = try bench.frame([Self.pay(b)], by: nobody, sequence: 1)
    #expect(code(bench.ledger.submit(unknown)) == .noAccount)
    let dear = try bench.frame([Self.pay(b)], by: a, fee: .max)
    #expect(code(bench.ledger.submit(dear)) == .insufficientBalance)
  }

  @Test func oneTransactionOfAnAccountWaits() throws {
    var (bench, a, b) = try bench()
    let first = try bench.frame([Self.pay(b)], by: a)
    #expect(bench.ledger.submit(first) == .pending)
    #expect(bench.ledger.submit(first) == .duplicate)
    let other = try bench.frame([Self.pay(b, 2)], by: a)
    #expect(bench.ledger.submit(other) == .tryAgainLater)
    let lower = try bench.frame(
      [Self.pay(b)], by: a, sequence: first.transaction.sequence - 1)
    #expect(code(bench.ledger.submit(lower)) == .badSequence)
    bench.ledger.close()
    #expect(try bench.result(first.hash).isSuccess)
  }

  @Test func feeBumpReplacesAndPays() throws {
    var (bench, a, b) = try bench()
    let inner = try bench.frame([Self.pay(b)], by: a)
    #expect(bench.ledger.submit(inner) == .pending)
    func bump(_ fee: Int64) -> TransactionFrame {
      let bump = FeeBumpTransaction(
        feeSource: .account(b.publicKey), fee: fee, inner: inner.transaction,
        innerSignatures: inner.envelope.signatures)
      return TransactionFrame(
        bump.signed(by: [b], networkID: Bench.network.networkID),
        networkID: Bench.network.networkID)
    }
    guard case .error(let tooLow) = bench.ledger.submit(bump(1_999)) else {
      Issue.record("replaced for too little")
      return
    }
    #expect(tooLow.code == .insufficientFee)
    #expect(tooLow.feeCharged == 2_000)
    let frame = bump(2_000)
    #expect(bench.ledger.submit(frame) == .pending)
    let before = (try #require(bench.xlm(a)), try #require(bench.xlm(b)))
    bench.ledger.close()
    let result = try bench.result(frame.hash)
    #expect(result.code == .feeBumpInnerSuccess)
    // The ledger is not full, so only the base fee is charged, for one operation and the bump.
    #expect(result.feeCharged == 200)
    #expect(bench.xlm(a) == before.0 - 1)
    #expect(bench.xlm(b) == before.1 + 1 - 200)
    // It is found by both hashes.
    #expect(try bench.result(inner.hash) == result)
  }

  @Test func unsignedFeeBump() throws {
    var (bench, a, b) = try bench()
    let inner = try bench.frame([Self.pay(b)], by: a)
    let bump = FeeBumpTransaction(
      feeSource: .account(b.publicKey), fee: 200, inner: inner.transaction,
      innerSignatures: inner.envelope.signatures)
    let frame = TransactionFrame(
      bump.signed(by: [a], networkID: Bench.network.networkID),
      networkID: Bench.network.networkID)
    #expect(code(bench.ledger.submit(frame)) == .badAuth)
  }

  @Test func sorobanNeedsWhatItDeclares() throws {
    var bench = Bench()
    let a = try bench.fund("a", kale: 10)
    let good = try bench.draft(Bench.plant(a, 1), by: a)
    func outcome(_ change: (inout Transaction) -> Void) -> SubmitOutcome {
      var (copy, transaction) = (bench, good)
      change(&transaction)
      return copy.ledger.submit(copy.frame(transaction, [a]))
    }
    #expect(outcome { _ in } == .pending)
    #expect(code(outcome { $0.memo = .id(1) }) == .sorobanInvalid)
    #expect(code(outcome { $0.source = .muxed(id: 1, a.publicKey) }) == .sorobanInvalid)
    #expect(code(outcome { $0.sorobanData?.resourceFee = 1_000 }) == .sorobanInvalid)
    #expect(code(outcome { $0.sorobanData = nil }) == .sorobanInvalid)
    #expect(
      code(
        outcome {
          let keys = $0.sorobanData?.resources.footprint.readOnly ?? []
          $0.sorobanData?.resources.footprint.readWrite += keys
        }) == .sorobanInvalid)
    #expect(code(outcome { $0.fee -= 1 }) == .insufficientFee)
  }

  /// What is not included in four ledgers is dropped, and its hash refused for ten.
  @Test func droppedAfterFourLedgers() throws {
    var bench = Bench { $0.rules.classicOperationsMax = 1 }
    let a = try bench.fund("a", kale: nil)
    let b = try bench.fund("b", kale: nil)
    let poor = try bench.frame([Self.pay(b)], by: a)
    #expect(bench.ledger.submit(poor) == .pending)
    for _ in 0..<4 {
      #expect(bench.ledger.submit(try bench.frame([Self.pay(a)], by: b, fee: 200)) == .pending)
      bench.ledger.close()
    }
    #expect(bench.ledger.history.transaction(poor.hash) == nil)
    #expect(!bench.ledger.isWaiting(poor.hash))
    #expect(bench.ledger.submit(poor) == .tryAgainLater)
    bench.close(10)
    #expect(bench.ledger.submit(poor) == .pending)
  }
}
