import Dispatch
import StellarClient
import Synchronization
import Testing

@Suite struct HTTPClientTests {
  private let client = HTTPClient()

  @Test func sendsAndReceives() async throws {
    let server = TestServer { request in
      .response(
        status: 201, headers: [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("X-Empty", "")],
        body: Array("\(request.method) \(request.path) \(request.headers["x-test"] ?? "") ".utf8)
          + request.body)
    }
    defer { server.stop() }
    let response = try await client.send(
      HTTPRequest(
        "PUT", server.url + "/a?b=c", headers: [("X-Test", "yes")], body: Array("body".utf8)))
    #expect(response.status == 201)
    #expect(response.text == "PUT /a?b=c yes body")
    #expect(response.headers("set-cookie") == ["a=1", "b=2"])
    #expect(response.header("X-Empty") == "")
    #expect(response.header("absent") == nil)
  }

  @Test(arguments: ["GET", "POST", "PUT", "DELETE", "PATCH"])
  func methods(method: String) async throws {
    let server = TestServer { .text("\($0.method) \($0.body.count)") }
    defer { server.stop() }
    let bare = try await client.send(HTTPRequest(method, server.url))
    #expect(bare.text == "\(method) 0")
    let empty = try await client.send(HTTPRequest(method, server.url, body: []))
    #expect(empty.text == "\(method) 0")
  }

  @Test func bodiesMayHoldAnything() async throws {
    let server = TestServer { .response(status: 200, body: $0.body) }
    defer { server.stop() }
    let body = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let response = try await client.send(HTTPRequest("POST", server.url, body: body))
    #expect(response.body == body)
  }

  @Test func connectionsAreReused() async throws {
    let server = TestServer { _ in .text("ok") }
    defer { server.stop() }
    for _ in 0..<20 { _ = try await client.send(HTTPRequest("GET", server.url)) }
    #expect(server.connectionCount == 1)
  }

  @Test func manyAtOnceKeepToTheirConnections() async throws {
    let server = TestServer { .text($0.path) }
    defer { server.stop() }
    let url = server.url
    let answers = try await withThrowingTaskGroup(of: String.self) { group in
      for at in 0..<500 {
        group.addTask { try await client.send(HTTPRequest("GET", "\(url)/\(at)")).text }
      }
      return try await group.reduce(into: Set()) { $0.insert($1) }
    }
    #expect(answers == Set((0..<500).map { "/\($0)" }))
    #expect(server.connectionCount <= HTTPClient.Settings().connectionsPerHostMax)
  }

  @Test func answersHaveALimit() async throws {
    let server = TestServer { _ in .response(status: 200, body: Array(repeating: 7, count: 1001)) }
    defer { server.stop() }
    await expectCode(.bodyTooLarge) {
      try await client.send(HTTPRequest("GET", server.url, responseBytesMax: 1000))
    }
    let whole = try await client.send(HTTPRequest("GET", server.url, responseBytesMax: 1001))
    #expect(whole.body.count == 1001)
  }

  @Test func nobodyListens() async {
    // Port 1 is reserved.
    await expectCode(.notSent) { try await client.send(HTTPRequest("GET", "http://127.0.0.1:1")) }
  }

  @Test func theServerGoesAway() async {
    let silent = TestServer { _ in .hangUp }
    defer { silent.stop() }
    await expectCode(.connectionLost) { try await client.send(HTTPRequest("GET", silent.url)) }
    let cut = TestServer { _ in .cutOff }
    defer { cut.stop() }
    await expectCode(.connectionLost) { try await client.send(HTTPRequest("GET", cut.url)) }
  }

  @Test func timeIsLimited() async {
    let forever = DispatchSemaphore(value: 0)
    let server = TestServer { _ in
      forever.wait()
      return .hangUp
    }
    defer {
      forever.signal()
      server.stop()
    }
    await expectCode(.timedOut) {
      try await client.send(HTTPRequest("GET", server.url, timeout: .milliseconds(50)))
    }
  }

  @Test func cancellingDropsTheTransfer() async {
    let arrived = DispatchSemaphore(value: 0)
    let forever = DispatchSemaphore(value: 0)
    let server = TestServer { _ in
      arrived.signal()
      forever.wait()
      return .hangUp
    }
    defer {
      forever.signal()
      server.stop()
    }
    let url = server.url
    let task = Task { try await client.send(HTTPRequest("GET", url)) }
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        arrived.wait()
        continuation.resume()
      }
    }
    task.cancel()
    await expectCode(.cancelled) { try await task.value }
  }

  @Test func aCancelledTaskSendsNothing() async {
    let count = Mutex(0)
    let server = TestServer { _ in
      count.withLock { $0 += 1 }
      return .text("ok")
    }
    defer { server.stop() }
    let url = server.url
    let gate = DispatchSemaphore(value: 0)
    let task = Task {
      await withCheckedContinuation { continuation in
        DispatchQueue.global().async {
          gate.wait()
          continuation.resume()
        }
      }
      return try await client.send(HTTPRequest("GET", url))
    }
    task.cancel()
    gate.signal()
    await expectCode(.cancelled) { try await task.value }
    #expect(count.withLock { $0 } == 0)
  }

  @Test(arguments: ["", "no url", "ftp://127.0.0.1/", "file:///etc/passwd", "http://a\r\nb/"])
  func whatIsNoRequest(url: String) async {
    await expectCode(.badRequest) { try await client.send(HTTPRequest("GET", url)) }
  }

  @Test func headersCannotBeSmuggled() async {
    await expectCode(.badRequest) {
      try await client.send(
        HTTPRequest("GET", "http://127.0.0.1:1/", headers: [("A", "b\r\nC: d")]))
    }
  }

  @Test func aDroppedClientEndsItsRequests() async {
    // The call itself holds the client, so that an answer in time is never lost.
    let server = TestServer { _ in .text("ok") }
    defer { server.stop() }
    let response = try? await HTTPClient().send(HTTPRequest("GET", server.url))
    #expect(response?.text == "ok")
  }
}

/// Expects a call to end with this code.
func expectCode(
  _ code: HTTPClientError.Code, sourceLocation: SourceLocation = #_sourceLocation,
  _ call: () async throws -> HTTPResponse
) async {
  let error = await #expect(throws: HTTPClientError.self, sourceLocation: sourceLocation) {
    try await call()
  }
  #expect(error?.code == code, "\(error?.message ?? "")", sourceLocation: sourceLocation)
}
