import Bytes

/// Bytes as SEP-51 writes strings: printable ASCII as it is, the rest escaped.
enum EscapedASCII {
  static func encode(_ bytes: some Sequence<UInt8>) -> String {
    var text = ""
    for byte in bytes {
      switch byte {
      case 0: text += "\\0"
      case 9: text += "\\t"
      case 10: text += "\\n"
      case 13: text += "\\r"
      case UInt8(ascii: "\\"): text += "\\\\"
      case 0x20...0x7E: text.unicodeScalars.append(Unicode.Scalar(byte))
      default: text += "\\x\(Hex.encode([byte]))"
      }
    }
    return text
  }

  /// Nil for what is no such text.
  static func decode(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    var left = text.utf8[...]
    while let first = left.popFirst() {
      guard (0x20...0x7E).contains(first) else { return nil }
      guard first == UInt8(ascii: "\\") else {
        bytes.append(first)
        continue
      }
      switch left.popFirst() {
      case UInt8(ascii: "0"): bytes.append(0)
      case UInt8(ascii: "t"): bytes.append(9)
      case UInt8(ascii: "n"): bytes.append(10)
      case UInt8(ascii: "r"): bytes.append(13)
      case UInt8(ascii: "\\"): bytes.append(UInt8(ascii: "\\"))
      case UInt8(ascii: "x"):
        guard left.count >= 2,
          let byte = Hex.decode(String(decoding: left.prefix(2), as: UTF8.self))
        else { return nil }
        bytes += byte
        left = left.dropFirst(2)
      default: return nil
      }
    }
    return bytes
  }
}
