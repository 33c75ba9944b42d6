import Bytes
import NIOCore

/// Answers that are none.
package enum Garbage {
  package enum Form: String, Sendable, CaseIterable {
    /// JSON that ends early.
    case truncated
    /// Every text a number, every number a text, lists empty.
    case types
    /// A page for people, as proxies send it.
    case html
    case empty
    /// An answer to another request.
    case identity
    /// Bytes that are no text.
    case binary
    /// JSON of very many bytes.
    case huge
  }

  /// What comes in place of `answer`.
  static func body(_ form: Form, for answer: JSON?, bytes: Int64, draw: UInt64) -> Body {
    let right = (answer ?? .null).bytes
    switch form {
    case .truncated: return .bytes(Array(right.prefix(Int(draw % UInt64(max(1, right.count))))))
    case .types: return .bytes(mistyped(answer ?? .null).bytes)
    case .html: return .bytes(Array("<html><body><h1>502 Bad Gateway</h1></body></html>".utf8))
    case .empty: return .bytes([])
    case .identity:
      guard case .object(let members)? = answer else { return .bytes(right) }
      let other = members.map {
        JSON.Member(name: $0.name, value: $0.name == "id" ? .text(draw) : $0.value)
      }
      return .bytes(JSON.object(other).bytes)
    case .binary:
      var random = SplitMix(seed: draw)
      return .bytes((0..<512).map { _ in UInt8.random(in: 0...255, using: &random) })
    case .huge: return .blanks(bytes)
    }
  }

  enum Body: Sendable {
    case bytes([UInt8])
    /// So many blanks within a JSON text.
    case blanks(Int64)
  }

  private static func mistyped(_ value: JSON) -> JSON {
    switch value {
    case .null: .bool(true)
    case .bool: .null
    case .int(let number): .text(number)
    case .double: .array([])
    case .string(let text), .verbatim(let text): .int(Int64(text.utf8.count))
    case .array: .array([])
    case .object(let members):
      // The envelope stays, or it would not be seen what is inside.
      .object(
        members.map { member in
          let isEnvelope = member.name == "jsonrpc" || member.name == "id"
          return JSON.Member(
            name: member.name, value: isEnvelope ? member.value : mistyped(member.value))
        })
    }
  }
}
