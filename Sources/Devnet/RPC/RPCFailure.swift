/// A JSON-RPC error. Source: stellar.md §3.
struct RPCFailure: Error, Sendable {
  let code: Int64
  let message: String

  static func parse(_ why: String) -> RPCFailure { RPCFailure(code: -32_700, message: why) }
  static func invalidRequest(_ why: String) -> RPCFailure {
    RPCFailure(code: -32_600, message: why)
  }
  static func unknownMethod(_ name: String) -> RPCFailure {
    RPCFailure(code: -32_601, message: "method not found: \(name)")
  }
  static func invalidParams(_ why: String) -> RPCFailure {
    RPCFailure(code: -32_602, message: why)
  }
  static func `internal`(_ why: String) -> RPCFailure { RPCFailure(code: -32_603, message: why) }

  var json: JSON { .object(["code": .int(code), "message": .string(message)]) }
}
