/// The column types this module speaks, with the object ids PostgreSQL fixes for them.
///
/// Source: PostgreSQL 15, `src/include/catalog/pg_type.dat`.
package enum PostgresType: Sendable, Hashable, CaseIterable {
  case bool, int8, numeric, text, bytea, timestamptz

  var oid: UInt32 {
    switch self {
    case .bool: 16
    case .bytea: 17
    case .int8: 20
    case .text: 25
    case .timestamptz: 1184
    case .numeric: 1700
    }
  }

  var arrayOID: UInt32 {
    switch self {
    case .bool: 1000
    case .bytea: 1001
    case .int8: 1016
    case .text: 1009
    case .timestamptz: 1185
    case .numeric: 1231
    }
  }
}
