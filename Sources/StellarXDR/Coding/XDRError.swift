/// Why bytes are not the value that was asked for. Every case is the sender's fault: nothing is
/// retried, the input is refused.
package enum XDRError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The input ends inside a value.
  case truncated(needed: Int, left: Int)
  /// Bytes follow the value.
  case trailingBytes(Int)
  /// A length or count beyond what the type allows.
  case tooLong(count: Int, max: Int)
  /// A length or count beyond the input, found before anything was allocated for it.
  case countBeyondInput(count: Int, left: Int)
  /// Padding that is not zero.
  case padding
  /// A bool or optional flag other than 0 or 1.
  case flag(UInt32)
  /// A union arm or enum value this build does not know.
  case unknownArm(type: String, value: Int32)
  /// Nested deeper than ``XDRReader/depthMax``.
  case tooDeep
  /// Well-formed, but not a value of this type.
  case invalid(String)
  /// The text is not base64.
  case notBase64

  package var description: String {
    switch self {
    case .truncated(let needed, let left): "XDR ends early: \(needed) bytes needed, \(left) left"
    case .trailingBytes(let count): "\(count) bytes follow the XDR value"
    case .tooLong(let count, let max): "XDR length \(count) is over the type's limit \(max)"
    case .countBeyondInput(let count, let left): "XDR count \(count) with only \(left) bytes left"
    case .padding: "XDR padding is not zero"
    case .flag(let value): "XDR flag is \(value), neither 0 nor 1"
    case .unknownArm(let type, let value): "\(type) has no arm \(value) that this build knows"
    case .tooDeep: "XDR is nested too deep"
    case .invalid(let what): what
    case .notBase64: "not base64"
    }
  }
}
