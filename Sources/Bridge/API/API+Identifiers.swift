extension API {
  /// A farmer as the service knows them. It never leaves the process: the browser has its session.
  package struct FarmerID: Hashable, Sendable {
    package let rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
  }

  /// A pooler, in JSON a bare number.
  package struct PoolerID: Hashable, Sendable, Codable {
    package let rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }

    package init(from decoder: any Decoder) throws {
      rawValue = try decoder.singleValueContainer().decode(Int64.self)
    }

    package func encode(to encoder: any Encoder) throws {
      var value = encoder.singleValueContainer()
      try value.encode(rawValue)
    }
  }
}
