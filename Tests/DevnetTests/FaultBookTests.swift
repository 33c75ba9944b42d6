import Testing

@testable import Devnet

/// When faults strike, without a chain.
@Suite struct FaultBookTests {
  private func book(_ rules: FaultRule...) -> FaultBook {
    var book = FaultBook(seed: 1)
    for rule in rules { _ = book.switchOn(rule, at: 100) }
    return book
  }

  @Test func aNodesOwnFault() {
    var book = book(FaultRule(.latency, node: 2, value: 7))
    #expect(book.strike(.latency, node: 1) == nil)
    #expect(book.strike(.latency, node: 2)?.value == 7)
    #expect(book.strike(.reset, node: 2) == nil)
    #expect(book.struck == [.latency: 1])
  }

  @Test func someMethodsOnly() {
    var rule = FaultRule(.reset)
    rule.methods = ["sendTransaction"]
    var book = book(rule)
    #expect(book.strike(.reset, node: 1, methods: ["getHealth"]) == nil)
    #expect(book.strike(.reset, node: 1, methods: ["getHealth", "sendTransaction"]) != nil)
  }

  @Test func soOftenAtMost() {
    var rule = FaultRule(.lost)
    rule.times = 2
    var book = book(rule)
    #expect((0..<9).count { _ in book.strike(.lost, node: 1) != nil } == 2)
  }

  @Test func soManyLedgers() {
    var rule = FaultRule(.stuck)
    rule.ledgers = 3
    var book = book(rule)
    book.expire(at: 102)
    #expect(book.strike(.stuck, node: 1)?.since == 100)
    book.expire(at: 103)
    #expect(book.strike(.stuck, node: 1) == nil)
  }

  @Test func probabilityFollowsTheSeed() {
    func strikes(seed: UInt64) -> [Bool] {
      var rule = FaultRule(.lost)
      rule.probability = 0.25
      rule.seed = seed
      var book = book(rule)
      return (0..<400).map { _ in book.strike(.lost, node: 1) != nil }
    }
    let first = strikes(seed: 5)
    #expect(first == strikes(seed: 5))
    #expect(first != strikes(seed: 6))
    #expect((70...130).contains(first.count(where: \.self)))
  }

  @Test func switchedOff() {
    var book = book(FaultRule(.lag, node: 1), FaultRule(.lag, node: 2), FaultRule(.late))
    #expect(book.switchOff { $0.rule.kind == .lag && $0.rule.node == 2 } == 1)
    #expect(book.active.map(\.id) == [1, 3])
    #expect(book.switchOff { _ in true } == 2)
    #expect(book.strike(.late, node: 1) == nil)
  }

  @Test(arguments: [
    FaultRule(.lag, node: 3), FaultRule(.feeSpike, node: 1), FaultRule(.latency, value: -1),
    FaultRule(.httpError, value: 200), FaultRule(.lag, value: 1_000_000),
  ])
  func badOrders(_ rule: FaultRule) {
    #expect(throws: DevnetError.self) { try rule.check(nodes: 2) }
  }

  /// Every kind's own value is one it takes.
  @Test(arguments: FaultKind.allCases) func normalValues(_ kind: FaultKind) throws {
    try FaultRule(kind).check(nodes: 1)
  }
}
