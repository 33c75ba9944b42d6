import Bridge
import Bytes
import Coordinator
import KaleRules
import Pool
import Testing

@Suite(.cluster) struct LiveEventsTests {
  @Test func aFarmerHearsOfTheirOwn() async throws {
    let office = try await Office()
    let pooler = try await office.pooler()
    let anna = try await office.farming("anna", pooler)
    let berta = try await office.register("berta")
    try await office.openBlock(after: 300)
    var events = try await office.farmers.events(farmer: anna).makeAsyncIterator()
    var others = try await office.farmers.events(farmer: berta).makeAsyncIterator()

    try await office.ledger()
    let index = office.view.farmIndex.rawValue
    #expect(try await block(&events).index == index)
    #expect(try await block(&others).index == index)

    // Nothing changes with a ledger alone; planting does. On the way it may be seen half done.
    try await office.ledger()
    try await office.requestPlanting()
    var planted = try await block(&events)
    while planted.state != .planted { planted = try await block(&events) }
    #expect(planted.index == index && planted.stake?.stroops == 200_000_000)
    #expect(await events.next() == .changed([.dashboard, .blocks, .rewards]))

    try await office.engine.record([
      Notice(farmer: anna.rawValue, level: "warning", text: "for anna"),
      Notice(pooler: pooler.rawValue, level: "info", text: "for the pool"),
      Notice(farmer: berta.rawValue, level: "info", text: "for berta"),
    ])
    #expect(try await notice(&events) == API.Event.Notice(level: .warning, text: "for anna"))
    #expect(try await notice(&events) == API.Event.Notice(level: .info, text: "for the pool"))
    // What concerns others is not told.
    #expect(
      await others.next() == .notice(API.Event.Notice(level: .info, text: "for berta")))

    // Money that comes is told with the next ledger.
    try await office.deposit(20_000_000, .xlm, to: berta)
    try await office.ledger()
    #expect(await others.next() == .changed([.dashboard, .blocks, .rewards]))

    await office.engine.stop()
    var rest = 0
    while await events.next() != nil { rest += 1 }
    while await others.next() != nil { rest += 1 }
    #expect(rest < 16)
    await office.close()
  }

  @Test func sessionsAreKept() async throws {
    let office = try await Office()
    let desk = SessionDesk(store: office.store)
    let farmer = API.FarmerID(rawValue: 3)
    func session(_ number: UInt8) -> StoredSession {
      StoredSession(
        tokenHash: Office.key(number), farmer: farmer, createdAt: API.Timestamp(unixSeconds: 10),
        expiresAt: API.Timestamp(unixSeconds: 20))
    }
    for number in 1...3 { try await desk.insert(session(UInt8(number))) }
    #expect(try await desk.find(tokenHash: Office.key(1)) == session(1))
    try await desk.delete(tokenHash: Office.key(1))
    #expect(try await desk.find(tokenHash: Office.key(1)) == nil)
    try await desk.deleteAll(farmer: farmer)
    #expect(try await desk.find(tokenHash: Office.key(2)) == nil)
    #expect(try await desk.find(tokenHash: Office.key(3)) == nil)
    await office.close()
  }

  private typealias Events = AsyncStream<API.Event>.Iterator

  private func block(_ events: inout Events) async throws -> API.BlockNow {
    while true {
      let next = await events.next(isolation: #isolation)
      if case .block(let block) = try #require(next) { return block }
    }
  }

  private func notice(_ events: inout Events) async throws -> API.Event.Notice {
    while true {
      let next = await events.next(isolation: #isolation)
      if case .notice(let notice) = try #require(next) { return notice }
    }
  }
}
