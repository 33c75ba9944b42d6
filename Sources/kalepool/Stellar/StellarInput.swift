import Bytes
import Foundation

/// What a command is given: as its argument, or on standard input where that is absent or `-`.
enum StellarInput {
  /// More than any ledger's meta; a pipe without an end is a mistake.
  static let bytesMax = 64 << 20

  static func text(_ argument: String?) throws -> String {
    if let argument, argument != "-" { return argument }
    let data = try FileHandle.standardInput.read(upToCount: bytesMax + 1) ?? Data()
    guard data.count <= bytesMax else {
      throw CommandFailure("the input is over \(bytesMax >> 20) MiB: give one value at a time")
    }
    return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// XDR as base64 or hex.
  static func xdr(_ argument: String?) throws -> [UInt8] {
    let text = try text(argument)
    // Hex first: its letters are base64's too, and XDR's count of hex digits is a multiple of 8.
    if !text.isEmpty, text.utf8.count % 8 == 0, let bytes = Hex.decode(text) { return bytes }
    guard let bytes = Base64.decode(text) else {
      throw CommandFailure("that is neither base64 nor hex: give the XDR as the RPC prints it")
    }
    return bytes
  }
}
