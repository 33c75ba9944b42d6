import Bridge
import Foundation
import FoundationNetworking
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct EventTests {
  @Test func eventsArriveAsTheyHappen() async throws {
    try await TestBridge.with { bridge in
      let anna = try await bridge.registered()
      let id = try #require(bridge.pool.id(of: "anna"))
      let listener = EventListener(anna.request("GET", "/api/v1/events"))
      var events = listener.events.makeAsyncIterator()
      let first = try #require(await events.next())
      #expect(
        first
          == .init(name: "changed", data: #"{"parts":["blocks","dashboard","poolers","rewards"]}"#))
      #expect(listener.contentType == "text/event-stream")
      try bridge.pool.deposit(id, kale: 0, xlm: 50_000_000)
      let second = try #require(await events.next())
      #expect(second == .init(name: "changed", data: #"{"parts":["dashboard"]}"#))
      let listeners = bridge.pool.state.withLock {
        $0.farmers[id]?.listeners.values.map { $0 } ?? []
      }
      for continuation in listeners {
        continuation.yield(.block(API.BlockNow(index: 7, nextOpensInSeconds: 3)))
        continuation.yield(.notice(.init(level: .warning, text: "two\nlines")))
      }
      #expect(
        await events.next() == .init(name: "block", data: #"{"index":7,"nextOpensInSeconds":3}"#))
      #expect(
        await events.next()
          == .init(name: "notice", data: #"{"level":"warning","text":"two\nlines"}"#))
      listener.close()
    }
  }

  @Test func aStreamEndsWithItsSession() async throws {
    try await TestBridge.with {
      $0.heartbeat = .milliseconds(20)
    } _: { bridge in
      var anna = try await bridge.registered()
      let listener = EventListener(anna.request("GET", "/api/v1/events"))
      var events = listener.events.makeAsyncIterator()
      _ = await events.next()
      #expect(try await anna.send("DELETE", "/api/v1/session").status == 204)
      #expect(await events.next() == nil)
    }
  }

  @Test func aStreamEndsWhenTheServerStops() async throws {
    let listener = try await TestBridge.with { bridge in
      let anna = try await bridge.registered()
      let listener = EventListener(anna.request("GET", "/api/v1/events"))
      var events = listener.events.makeAsyncIterator()
      _ = await events.next()
      return listener
    }
    // The server has stopped by itself, with the stream open until then.
    for await _ in listener.events {}
    #expect(listener.failure == nil)
  }

  @Test func aGoneBrowserIsForgotten() async throws {
    try await TestBridge.with {
      $0.heartbeat = .milliseconds(10)
    } _: { bridge in
      let anna = try await bridge.registered()
      let id = try #require(bridge.pool.id(of: "anna"))
      let listener = EventListener(anna.request("GET", "/api/v1/events"))
      var events = listener.events.makeAsyncIterator()
      _ = await events.next()
      #expect(bridge.pool.listeners(of: id) == 1)
      let (gone, note) = AsyncStream.makeStream(of: Void.self)
      bridge.pool.state.withLock { $0.whenListenerGone = { note.finish() } }
      listener.close()
      // Waits for the fact, however long it takes; the suite's own time limit ends a failure.
      for await _ in gone {}
      #expect(bridge.pool.listeners(of: id) == 0)
    }
  }

  @Test func pagesOfOneFarmerAreBounded() async throws {
    try await TestBridge.with { bridge in
      var anna = try await bridge.registered()
      var open: [EventListener] = []
      for _ in 0..<8 {
        let listener = EventListener(anna.request("GET", "/api/v1/events"))
        var events = listener.events.makeAsyncIterator()
        _ = await events.next()
        open.append(listener)
      }
      let ninth = try await anna.get("/api/v1/events")
      #expect(ninth.status == 429)
      for listener in open { listener.close() }
    }
  }
}
