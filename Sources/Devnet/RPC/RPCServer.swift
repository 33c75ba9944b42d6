import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import StellarXDR

/// HTTP around the methods: JSON-RPC 2.0 by POST on `/`, the friendbot by GET.
struct RPCServer: Sendable {
  let methods: RPCMethods

  /// Source: stellar.md §3.
  static let bodyBytesMax = 512 * 1_024
  /// Requests of one batch.
  private static let batchMax = 100

  func respond(to request: Request, on channel: any Channel) async throws -> Response {
    switch (request.method, request.uri.path) {
    case (.post, "/"): return try await rpc(request, on: channel)
    case (.get, "/friendbot"): return await friendbot(request)
    case (_, "/"), (_, "/friendbot"): return Response(status: .methodNotAllowed)
    default: return Response(status: .notFound)
    }
  }

  private func rpc(_ request: Request, on channel: any Channel) async throws -> Response {
    let type = request.headers[.contentType] ?? ""
    guard type.split(separator: ";").first?.trimmingPrefix(" ").lowercased() == "application/json"
    else { return Response(status: .unsupportedMediaType) }
    var body: ByteBuffer
    do {
      body = try await request.body.collect(upTo: Self.bodyBytesMax)
    } catch is NIOTooManyBytesError {
      return Response(status: .contentTooLarge)
    }
    let data = Data(body.readBytes(length: body.readableBytes) ?? [])
    return await respond(to: JSON(parsing: data), on: channel)
  }

  /// Nil: there is nothing to answer, since all were notifications.
  func answer(_ json: JSON?) async -> JSON? {
    guard let json else { return Self.reply(.null, failure: .parse("invalid JSON")) }
    guard let batch = json.asArray else { return await answer(one: json) }
    guard !batch.isEmpty, batch.count <= Self.batchMax else {
      return Self.reply(
        .null, failure: .invalidRequest("a batch has 1 to \(Self.batchMax) requests"))
    }
    var answers: [JSON] = []
    for item in batch {
      if let answer = await answer(one: item) { answers.append(answer) }
    }
    return answers.isEmpty ? nil : .array(answers)
  }

  private func answer(one request: JSON) async -> JSON? {
    let id = request["id"]
    guard request["jsonrpc"] == .string("2.0"), let method = request["method"]?.asString else {
      return Self.reply(
        id ?? .null,
        failure: .invalidRequest("a JSON-RPC 2.0 request has jsonrpc, method and id"))
    }
    do throws(RPCFailure) {
      let result = try await methods.call(method, request["params"])
      return id.map { .object(["jsonrpc": .string("2.0"), "id": $0, "result": result]) }
    } catch {
      return id.map { Self.reply($0, failure: error) }
    }
  }

  private static func reply(_ id: JSON, failure: RPCFailure) -> JSON {
    .object(["jsonrpc": .string("2.0"), "id": id, "error": failure.json])
  }

  private func friendbot(_ request: Request) async -> Response {
    guard let text = request.uri.queryParameters["addr"].map(String.init),
      let account: AccountID = StrKey.account(text)
    else {
      return Self.json(
        .object(["status": .int(400), "detail": .string("addr must be a G… address")]),
        .badRequest)
    }
    guard let gift = await methods.node.chain.fund(account) else {
      return Self.json(
        .object([
          "status": .int(400),
          "detail": .string("account already funded to starting balance"),
        ]), .badRequest)
    }
    return Self.json(
      .object([
        "successful": .bool(true), "hash": .string("\(gift.hash)"),
        "ledger": .number(gift.ledger),
      ]))
  }

  static func json(_ value: JSON?, _ status: HTTPResponse.Status = .ok) -> Response {
    guard let value else { return Response(status: .noContent) }
    return Response(
      status: status, headers: [.contentType: "application/json"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: value.bytes)))
  }
}
