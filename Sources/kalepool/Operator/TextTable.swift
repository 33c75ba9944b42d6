/// A table for people: columns as wide as they need, numbers to the right.
struct TextTable {
  struct Column {
    var title: String
    var isNumber = false
  }

  private let columns: [Column]
  private var rows: [[String]] = []

  init(_ columns: Column...) { self.init(columns) }

  init(_ columns: [Column]) { self.columns = columns }

  mutating func add(_ cells: String...) { add(cells) }

  mutating func add(_ cells: [String]) {
    precondition(cells.count == columns.count)
    rows.append(cells)
  }

  /// Lines without spaces at their ends.
  var text: String {
    let titles = columns.map(\.title)
    let widths = columns.indices.map { index in
      (rows.map { $0[index].count } + [titles[index].count]).max() ?? 0
    }
    return ([titles] + rows).map { cells in
      var line = columns.indices.map { index in
        let space = String(repeating: " ", count: widths[index] - cells[index].count)
        return columns[index].isNumber ? space + cells[index] : cells[index] + space
      }.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }
}

extension TextTable.Column {
  static func text(_ title: String) -> Self { Self(title: title) }
  static func number(_ title: String) -> Self { Self(title: title, isNumber: true) }
}
