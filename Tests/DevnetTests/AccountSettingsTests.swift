import Bytes
import Sodium
import StellarXDR
import Testing

@testable import Devnet

/// Operations on an account's own settings.
@Suite struct AccountSettingsTests {
  @Test func dataEntries() throws {
    var bench = Bench()
    let a = try bench.fund("a", kale: nil)
    let name = Array("pooler".utf8)
    let key = LedgerKey.data(a.publicKey, name: name)
    try bench.apply([Operation(.manageData(name: name, value: [1, 2]))], by: a)
    #expect(
      bench.ledger.entry(key)?.data
        == .data(DataEntry(account: a.publicKey, name: name, value: [1, 2])))
    #expect(bench.ledger.account(a.publicKey)?.subentries == 1)
    try bench.apply([Operation(.manageData(name: name, value: [3]))], by: a)
    #expect(bench.ledger.account(a.publicKey)?.subentries == 1)
    try bench.apply([Operation(.manageData(name: name, value: nil))], by: a)
    #expect(bench.ledger.entry(key) == nil)
    #expect(bench.ledger.account(a.publicKey)?.subentries == 0)
    let gone = try bench.include(
      bench.frame([Operation(.manageData(name: name, value: nil))], by: a))
    #expect(gone.operations == [.tried(.manageData, code: -2, .none)])
  }

  @Test func sponsoredData() throws {
    var bench = Bench()
    let sponsor = try bench.fund("sponsor", kale: nil)
    let a = try bench.fund("a", xlm: Bench.coin + 1_000, kale: nil)
    let put = Operation(.manageData(name: [65], value: []), source: .account(a.publicKey))
    // No XLM for the reserve of its own.
    let poor = try bench.include(bench.frame([put], by: sponsor, alsoBy: [a]))
    #expect(poor.operations == [.tried(.manageData, code: -3, .none)])
    try bench.apply(
      [
        Operation(.beginSponsoringFutureReserves(sponsored: a.publicKey)), put,
        Operation(.endSponsoringFutureReserves, source: .account(a.publicKey)),
      ], by: sponsor, alsoBy: [a])
    #expect(bench.ledger.account(sponsor.publicKey)?.sponsoring == 1)
    #expect(bench.ledger.account(a.publicKey)?.sponsored == 1)
    try bench.apply(
      [Operation(.manageData(name: [65], value: nil), source: .account(a.publicKey))], by: sponsor,
      alsoBy: [a])
    #expect(bench.ledger.account(sponsor.publicKey)?.sponsoring == 0)
    #expect(bench.ledger.account(a.publicKey)?.sponsored == 0)
  }

  @Test func bumpedSequence() throws {
    var bench = Bench()
    let a = try bench.fund("a", kale: nil)
    let now = try #require(bench.ledger.account(a.publicKey)).sequence
    try bench.apply([Operation(.bumpSequence(to: now + 100))], by: a)
    #expect(bench.ledger.account(a.publicKey)?.sequence == now + 100)
    // Never back.
    try bench.apply([Operation(.bumpSequence(to: 5))], by: a)
    #expect(bench.ledger.account(a.publicKey)?.sequence == now + 101)
  }

  /// Two of three keys; the account's own has no say any more.
  @Test func furtherSigners() throws {
    var bench = Bench()
    let a = try bench.fund("a", kale: nil)
    let keys = ["one", "two", "three"].map { Bench.pair($0) }
    var operations = keys.map { key -> Operation in
      var options = SetOptions()
      options.signer = Signer(key: .ed25519(key.publicKey), weight: 1)
      return Operation(.setOptions(options))
    }
    var options = SetOptions()
    options.masterWeight = 0
    options.lowThreshold = 2
    options.mediumThreshold = 2
    options.highThreshold = 3
    options.homeDomain = Array("kale.example".utf8)
    operations.append(Operation(.setOptions(options)))
    try bench.apply(operations, by: a)
    let account = try #require(bench.ledger.account(a.publicKey))
    #expect(account.subentries == 3)
    #expect(account.thresholds == [0, 2, 2, 3])
    #expect(
      account.signers.map(\.key.xdr)
        == account.signers.map(\.key.xdr).sorted { $0.lexicographicallyPrecedes($1) })

    let pay = Operation(
      .payment(destination: .account(keys[0].publicKey), asset: .native, amount: 1))
    func outcome(_ signers: [Ed25519KeyPair], _ operation: Operation) throws -> SubmitOutcome {
      let transaction = Transaction(
        source: .account(a.publicKey), fee: 100, sequence: account.sequence + 1,
        operations: [operation])
      var trial = bench.ledger
      return trial.submit(bench.frame(transaction, signers))
    }
    func code(_ outcome: SubmitOutcome) -> TransactionResultCode? {
      if case .error(let result) = outcome { result.code } else { nil }
    }
    #expect(try outcome(Array(keys.prefix(2)), pay) == .pending)
    #expect(code(try outcome([keys[0]], pay)) == .badAuth)
    #expect(code(try outcome([a], pay)) == .badAuth)
    #expect(code(try outcome(keys + [Bench.pair("stranger")], pay)) == .badAuthExtra)
    // Removing a signer takes the high threshold.
    var removal = SetOptions()
    removal.signer = Signer(key: .ed25519(keys[2].publicKey), weight: 0)
    #expect(code(try outcome(Array(keys.prefix(2)), Operation(.setOptions(removal)))) == .failed)
    #expect(try outcome(keys, Operation(.setOptions(removal))) == .pending)
  }

  @Test func badOptions() throws {
    var bench = Bench()
    let a = try bench.fund("a", kale: nil)
    let changes: [((inout SetOptions) -> Void, Int32)] = [
      ({ $0.setFlags = 16 }, -6), ({ $0.lowThreshold = 256 }, -7),
      ({ $0.signer = Signer(key: .ed25519(a.publicKey), weight: 1) }, -8),
      ({ $0.inflationDestination = Bench.pair("nobody").publicKey }, -4),
      (
        {
          $0.setFlags = 1
          $0.clearFlags = 1
        }, -3
      ),
    ]
    for (change, code) in changes {
      var options = SetOptions()
      change(&options)
      let result = try bench.include(bench.frame([Operation(.setOptions(options))], by: a))
      #expect(result.operations == [.tried(.setOptions, code: code, .none)])
    }
  }

  @Test func metasOfVersion3() throws {
    var bench = Bench { $0.metaVersion = .v3 }
    let a = try bench.fund("a", kale: 10)
    let frame = try bench.prepare(Bench.plant(a, 5), by: a)
    _ = try bench.include(frame)
    let meta = try bench.meta(frame.hash)
    #expect(meta.version == .v3)
    #expect(meta.returnValue == .void)
    #expect(meta.contractEvents.count == 1)
    #expect(meta.transactionEvents.isEmpty)
  }
}
