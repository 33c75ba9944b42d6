/// The four words of a 256-bit integer, most significant first. The pool carries such numbers and
/// never calculates with them; whether the first word is signed says the case around it.
package struct Wide256: XDRCodable {
  package var words: [UInt64]

  /// `words` has exactly four elements.
  package init(words: [UInt64]) {
    precondition(words.count == 4)
    self.words = words
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    words = [try reader.u64(), try reader.u64(), try reader.u64(), try reader.u64()]
  }

  package func encode(to writer: inout XDRWriter) { for word in words { writer.u64(word) } }

  /// The unsigned value in decimal.
  package var decimal: String {
    var words = words
    var digits: [UInt8] = []
    repeat {
      var rest: UInt64 = 0
      for at in words.indices {
        let (quotient, remainder) = UInt64(10).dividingFullWidth((rest, words[at]))
        words[at] = quotient
        rest = remainder
      }
      digits.append(UInt8(ascii: "0") + UInt8(rest))
    } while words.contains { $0 != 0 }
    return String(decoding: digits.reversed(), as: UTF8.self)
  }

  /// The value in decimal, the first bit being the sign of a two's complement.
  package var signedDecimal: String {
    words[0] >> 63 == 0 ? decimal : "-" + negated.decimal
  }

  /// The two's complement of the negative value.
  package var negated: Wide256 {
    var result = words
    var carry = true
    for at in result.indices.reversed() {
      result[at] = ~result[at]
      if carry { (result[at], carry) = result[at].addingReportingOverflow(1) }
    }
    return Wide256(words: result)
  }

  /// From decimal digits, perhaps after a minus; nil for other text or more than 256 bits.
  package init?(decimal text: String) {
    let negative = text.hasPrefix("-")
    let digits = negative ? text.dropFirst() : text[...]
    guard !digits.isEmpty, digits.count <= 78 else { return nil }
    var words: [UInt64] = [0, 0, 0, 0]
    for digit in digits.utf8 {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      var carry = UInt64(digit - UInt8(ascii: "0"))
      for at in words.indices.reversed() {
        let (high, low) = words[at].multipliedFullWidth(by: 10)
        let (sum, overflow) = low.addingReportingOverflow(carry)
        words[at] = sum
        carry = high + (overflow ? 1 : 0)
      }
      guard carry == 0 else { return nil }
    }
    self.words = words
    if negative { self = negated }
  }
}
