import Foundation

extension API {
  /// A moment in UTC, whole seconds. JSON: RFC 3339 text, `"2026-11-23T16:25:00Z"`.
  package struct Timestamp: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    /// Seconds since 1970-01-01T00:00:00Z.
    package let unixSeconds: Int64

    package init(unixSeconds: Int64) { self.unixSeconds = unixSeconds }

    static var systemNow: Timestamp {
      Timestamp(unixSeconds: Int64(Date().timeIntervalSince1970))
    }

    package var description: String {
      Date(timeIntervalSince1970: Double(unixSeconds)).formatted(.iso8601)
    }

    package init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      let date = try Date(value.decode(String.self), strategy: .iso8601)
      self.init(unixSeconds: Int64(date.timeIntervalSince1970))
    }

    package func encode(to encoder: any Encoder) throws {
      var value = encoder.singleValueContainer()
      try value.encode(description)
    }

    package static func < (a: Timestamp, b: Timestamp) -> Bool { a.unixSeconds < b.unixSeconds }

    package static func + (time: Timestamp, duration: Duration) -> Timestamp {
      Timestamp(unixSeconds: time.unixSeconds + duration.components.seconds)
    }
  }
}
