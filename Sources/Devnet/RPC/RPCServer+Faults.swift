import Glibc
import Hummingbird
import NIOCore

/// Answers, and what faults make of them.
extension RPCServer {
  /// Answers, unless a fault spoils it. The devnet's own methods are spared.
  func respond(to json: JSON?, on channel: any Channel) async -> Response {
    let names = (json?.asArray ?? [json ?? .null]).compactMap { $0["method"]?.asString }
    guard !names.contains(where: RPCMethods.isOwn) else { return Self.json(await answer(json)) }
    let node = methods.node
    let strikes = await node.chain.strikeEdge(node: node.number, methods: names)
    if let late = strikes.latency, !late.rule.isAfter { await Self.pass(late) }
    if let cut = strikes.reset {
      if cut.rule.isAfter { _ = await answer(json) }
      return await Self.reset(channel)
    }
    if let error = strikes.httpError {
      if error.rule.isAfter { _ = await answer(json) }
      return Response(status: .init(code: Int(error.value)))
    }
    let answer = await answer(json)
    if let late = strikes.latency, late.rule.isAfter { await Self.pass(late) }
    return strikes.garbage.map { Self.garbage($0, for: answer) } ?? Self.json(answer)
  }

  private static func pass(_ latency: FaultBook.Strike) async {
    // A devnet that ends answers at once.
    try? await Task.sleep(for: .milliseconds(latency.value))
  }

  /// The client sees the connection reset; the response goes nowhere.
  private static func reset(_ channel: any Channel) async -> Response {
    // Nothing is kept to be sent: closing resets.
    let none = linger(l_onoff: 1, l_linger: 0)
    try? await (channel as? any SocketOptionProvider)?.setSoLinger(none).get()
    try? await channel.close().get()
    return Response(status: .serviceUnavailable)
  }

  private static func garbage(_ strike: FaultBook.Strike, for answer: JSON?) -> Response {
    let forms = Garbage.Form.allCases
    let form = strike.rule.form ?? forms[Int(strike.draw % UInt64(forms.count))]
    let body: ResponseBody
    switch Garbage.body(form, for: answer, bytes: strike.value, draw: strike.draw) {
    case .bytes(let bytes): body = ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
    case .blanks(let count): body = blanks(count)
    }
    let type = form == .html ? "text/html" : "application/json"
    return Response(status: .ok, headers: [.contentType: type], body: body)
  }

  /// Made while it is sent.
  private static func blanks(_ count: Int64) -> ResponseBody {
    ResponseBody(contentLength: Int(count) + 2) { writer in
      try await writer.write(ByteBuffer(string: "["))
      let piece = ByteBuffer(repeating: UInt8(ascii: " "), count: 65_536)
      var left = Int(count)
      while left > 0 {
        let next = piece.getSlice(at: 0, length: min(left, piece.readableBytes)) ?? piece
        try await writer.write(next)
        left -= next.readableBytes
      }
      try await writer.write(ByteBuffer(string: "]"))
      try await writer.finish(nil)
    }
  }
}
