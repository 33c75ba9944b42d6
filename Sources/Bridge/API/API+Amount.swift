extension API {
  /// An amount of KALE or XLM. JSON: `{"stroops": "123", "display": "0.0000123"}`.
  ///
  /// Units: stroops, 10^-7 of the asset; negative only in a statement. The text form is the amount
  /// (JSON numbers lose digits beyond 2^53), the display form is for people.
  package struct Amount: Hashable, Sendable, Codable {
    package let stroops: Int64

    package init(stroops: Int64) { self.stroops = stroops }

    /// The amount in whole units with as many of the seven decimals as are not zero: `-12.5`.
    package var display: String {
      let magnitude = stroops.magnitude
      let whole = magnitude / 10_000_000
      let digits = String(magnitude % 10_000_000 + 10_000_000).dropFirst()
      let decimals = String(digits.reversed().drop { $0 == "0" }.reversed())
      return (stroops < 0 ? "-" : "") + String(whole) + (decimals.isEmpty ? "" : "." + decimals)
    }

    private enum Key: String, CodingKey { case stroops, display }

    package init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: Key.self)
      guard let stroops = Int64(try values.decode(String.self, forKey: .stroops)) else {
        throw DecodingError.dataCorruptedError(
          forKey: .stroops, in: values, debugDescription: "not an amount of stroops")
      }
      self.init(stroops: stroops)
    }

    package func encode(to encoder: any Encoder) throws {
      var values = encoder.container(keyedBy: Key.self)
      try values.encode(String(stroops), forKey: .stroops)
      try values.encode(display, forKey: .display)
    }
  }
}
