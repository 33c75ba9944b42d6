import Hummingbird
import NIOCore
import ServiceLifecycle

/// Live events of one farmer as server-sent events.
///
/// Ends when the browser goes, the session ends, the service's stream ends or the server stops; the
/// browser then connects again by itself. Every connection begins with "read everything", so that
/// nothing is missed between two connections.
///
/// Source: https://html.spec.whatwg.org/multipage/server-sent-events.html
enum EventStream {
  private enum Item: Sendable {
    case event(API.Event)
    case heartbeat
    case end
  }

  static func response(_ core: BridgeCore, session: StoredSession) async throws -> Response {
    // Refused before the head is sent; counted again for good while the body runs.
    try core.streams.enter(session.farmer)
    core.streams.leave(session.farmer)
    let events = try await core.pool.events(farmer: session.farmer)
    return Response(
      status: .ok,
      headers: [
        .contentType: "text/event-stream", .cacheControl: "no-store",
        // A buffering proxy (nginx) would hold events back. The name is a valid field name.
        .init("X-Accel-Buffering")!: "no",
      ],
      body: ResponseBody { writer in
        try core.streams.enter(session.farmer)
        defer { core.streams.leave(session.farmer) }
        let everything = API.Event.changed(Set(API.Event.Part.allCases))
        try await writer.write(ByteBuffer(string: "retry: 3000\n\n" + text(everything)))
        let (items, stop) = merge(events, heartbeat: core.settings.heartbeat)
        defer { stop() }
        items: for await item in items.cancelOnGracefulShutdown() {
          switch item {
          case .event(let event): try await writer.write(ByteBuffer(string: text(event)))
          case .heartbeat:
            guard try await core.sessions.stillStands(session) else { break items }
            try await writer.write(ByteBuffer(string: ": alive\n\n"))
          case .end: break items
          }
        }
        try await writer.finish(nil)
      })
  }

  /// Events, heartbeats and the end as one stream, and what ends the tasks behind it.
  private static func merge(_ events: AsyncStream<API.Event>, heartbeat: Duration)
    -> (AsyncStream<Item>, @Sendable () -> Void)
  {
    let (merged, items) = AsyncStream.makeStream(
      of: Item.self, bufferingPolicy: .bufferingNewest(Limits.eventsBuffered))
    let forwarding = Task {
      for await event in events { items.yield(.event(event)) }
      items.yield(.end)
    }
    let beating = Task {
      while !Task.isCancelled {
        try await Task.sleep(for: heartbeat)
        items.yield(.heartbeat)
      }
    }
    return (
      merged,
      {
        forwarding.cancel()
        beating.cancel()
        items.finish()
      }
    )
  }

  /// One event in the stream's format: a name and one line of JSON.
  static func text(_ event: API.Event) -> String {
    switch event {
    case .block(let block): line("block", block)
    case .changed(let parts):
      line("changed", Changed(parts: parts.sorted { $0.rawValue < $1.rawValue }))
    case .notice(let notice): line("notice", notice)
    }
  }

  private struct Changed: Encodable {
    var parts: [API.Event.Part]
  }

  private static func line(_ name: String, _ value: some Encodable) -> String {
    "event: \(name)\ndata: \(String(decoding: Response.jsonBytes(value), as: UTF8.self))\n\n"
  }
}
