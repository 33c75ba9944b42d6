package import Postgres

/// One column of a row: the property's own name, the column's type, the value or null.
package struct RowField: Sendable, Hashable {
  package var name: String
  package var type: PostgresType
  package var value: PostgresValue

  /// The column's name: `harvestAfterBlocks` is `harvest_after_blocks`.
  package var column: String { Self.column(of: name) }

  package static func column(of name: String) -> String {
    var out = ""
    for letter in name {
      if letter.isUppercase { out += "_" + letter.lowercased() } else { out.append(letter) }
    }
    return out
  }
}
