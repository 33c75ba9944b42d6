import Bytes
import StellarXDR

/// A failed call's diagnosis as the host prints it: the error, then what happened, newest first.
enum EventLog {
  static func text(of error: HostError, _ log: [DiagnosticEvent]) -> String {
    let lines = log.reversed().enumerated().map { at, item in
      let event = item.event
      let contract = event.contract.map { "contract:\(StrKey.contract($0)), " } ?? ""
      let topics = event.topics.map(text).joined(separator: ", ")
      return "   \(at): [Diagnostic Event] \(contract)topics:[\(topics)], data:\(text(event.data))"
    }
    return """
      HostError: \(error.error)

      Event log (newest first):
      \(lines.joined(separator: "\n"))

      """
  }

  private static func text(_ value: SCVal) -> String {
    switch value {
    case .bool(let value): "\(value)"
    case .void: "Void"
    case .error(let error): "\(error)"
    case .u32(let value): "\(value)"
    case .i32(let value): "\(value)"
    case .u64(let value): "\(value)"
    case .i64(let value): "\(value)"
    case .u128(let value): "\(value)"
    case .i128(let value): "\(value)"
    case .bytes(let bytes): "Bytes(\(Hex.encode(bytes)))"
    case .string(let bytes): "\"\(String(decoding: bytes, as: UTF8.self))\""
    case .symbol(let symbol): symbol
    case .vec(let items): "[\(items.map(text).joined(separator: ", "))]"
    case .map(let entries):
      "{\(entries.map { "\(text($0.key)): \(text($0.value))" }.joined(separator: ", "))}"
    case .address(let address): "\(address)"
    default: "\(value)"
    }
  }
}
