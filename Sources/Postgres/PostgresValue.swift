/// One parameter or one field of a result, sent and received in PostgreSQL's binary format.
package enum PostgresValue: Sendable, Hashable {
  case null
  case bool(Bool)
  /// `int8`; results of `int2`, `int4` and `oid` come as this too.
  case int(Int64)
  /// A whole `numeric`; one with a fraction is refused when read.
  case numeric(Int128)
  /// `text`; results of `varchar`, `name`, `json` and `"char"` come as this too.
  case text(String)
  case bytes([UInt8])
  /// `timestamptz` in microseconds since 1970-01-01 00:00 UTC.
  case timestamp(Int64)
  /// A one-dimensional array; for parameters only.
  case array(PostgresType, [PostgresValue])

  /// The type to declare for a parameter; 0 lets the server infer it.
  var oid: UInt32 {
    switch self {
    case .null: 0
    case .bool: PostgresType.bool.oid
    case .int: PostgresType.int8.oid
    case .numeric: PostgresType.numeric.oid
    case .text: PostgresType.text.oid
    case .bytes: PostgresType.bytea.oid
    case .timestamp: PostgresType.timestamptz.oid
    case .array(let element, _): element.arrayOID
    }
  }
}
