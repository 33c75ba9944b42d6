/// The binary format of whole `numeric` numbers: base 10,000 digits, most significant first.
///
/// Source: PostgreSQL 15, `src/backend/utils/adt/numeric.c`, `numeric_send`.
enum Numeric {
  private static let negativeSign: UInt16 = 0x4000
  /// An Int128 has at most 39 decimal digits.
  private static let digitsMax = 10

  static func encode(_ number: Int128, into out: inout [UInt8]) {
    var digits: [Int16] = []
    var rest = number.magnitude
    while rest > 0 {
      digits.append(Int16(rest % 10_000))
      rest /= 10_000
    }
    BinaryFormat.append(Int16(digits.count), to: &out)
    BinaryFormat.append(Int16(max(digits.count - 1, 0)), to: &out)
    BinaryFormat.append(number < 0 ? negativeSign : 0, to: &out)
    BinaryFormat.append(Int16(0), to: &out)
    for digit in digits.reversed() { BinaryFormat.append(digit, to: &out) }
  }

  /// Nil for a fraction, NaN, an infinity or what does not fit.
  static func decode(_ bytes: UnsafeBufferPointer<UInt8>) -> Int128? {
    guard bytes.count >= 8, bytes.count % 2 == 0 else { return nil }
    func field(_ index: Int) -> Int16 {
      Int16(bitPattern: UInt16(bytes[2 * index]) << 8 | UInt16(bytes[2 * index + 1]))
    }
    let count = Int(field(0))
    let weight = Int(field(1))
    let sign = UInt16(bitPattern: field(2))
    guard count >= 0, bytes.count == 8 + 2 * count, sign == 0 || sign == negativeSign,
      weight < digitsMax
    else { return nil }
    if count == 0 { return 0 }
    // A digit beyond the point would be a fraction; trailing zero digits are left out by the sender.
    guard weight >= count - 1 else { return nil }
    var value: Int128 = 0
    for index in 0...weight {
      let digit = index < count ? Int128(field(4 + index)) : 0
      guard (0..<10_000).contains(digit) else { return nil }
      let (product, high) = value.multipliedReportingOverflow(by: 10_000)
      let (difference, low) = product.subtractingReportingOverflow(digit)
      guard !high, !low else { return nil }
      value = difference
    }
    // Gathered on the negative side, which is one larger.
    if sign == negativeSign { return value }
    return value == .min ? nil : -value
  }
}
