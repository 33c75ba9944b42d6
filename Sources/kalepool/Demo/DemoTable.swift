import Bridge

/// One line for each block, printed when all of it is harvested.
struct DemoTable {
  private let screen: Screen
  /// The newest block that was printed.
  private var printed: UInt32?
  private var hasHeading = false

  init(_ screen: Screen) { self.screen = screen }

  /// Prints what has come to its end since, and tells of what is under way. `rows` newest first.
  mutating func show(_ rows: [API.BlockAnalytics], farmers: [DemoFarmer]) async throws {
    let news = rows.filter { isNews($0) }.reversed()
    for row in news where row.isSettled { try await print(row, farmers: farmers) }
    if let open = rows.first(where: { !$0.isSettled }) {
      screen.status(
        "block \(open.block): \(open.planted) of \(open.wanted) planted, \(open.worked) worked,"
          + " \(open.harvested) harvested")
    }
  }

  /// Prints the lines that are left, settled or not.
  mutating func finish(_ rows: [API.BlockAnalytics], farmers: [DemoFarmer]) async throws {
    for row in rows.reversed() where isNews(row) {
      try await print(row, farmers: farmers)
    }
  }

  private func isNews(_ row: API.BlockAnalytics) -> Bool {
    row.wanted > 0 && printed.map { row.block > $0 } ?? true
  }

  private mutating func print(_ row: API.BlockAnalytics, farmers: [DemoFarmer]) async throws {
    let parts = try await farmers.concurrently { try await $0.block(row.block) }.compactMap { $0 }
    let zeros = parts.compactMap(\.zeros).sorted()
    let gaps = parts.compactMap(\.gap).sorted()
    if !hasHeading {
      screen.line(
        Self.line(
          "block", "planted", "worked", "zeros min/med/max", "gap", "harvested", "reward KALE"))
      hasHeading = true
    }
    screen.line(
      Self.line(
        "\(row.block)", "\(row.planted)/\(row.wanted)", "\(row.worked)",
        zeros.isEmpty ? "" : "\(zeros[0])/\(zeros[zeros.count / 2])/\(zeros[zeros.count - 1])",
        gaps.isEmpty
          ? ""
          : gaps[0] == gaps[gaps.count - 1] ? "\(gaps[0])" : "\(gaps[0])-\(gaps[gaps.count - 1])",
        "\(row.harvested)", row.reward.display))
    printed = row.block
  }

  private static let widths = [8, 9, 8, 19, 8, 11, 18]

  private static func line(_ cells: String...) -> String {
    zip(cells, widths).map { cell, width in
      String(repeating: " ", count: max(1, width - cell.count)) + cell
    }.joined()
  }
}

extension API.BlockAnalytics {
  /// Every planting came about, or is known not to.
  var isPlanted: Bool { planted + failed.values.reduce(0, +) >= wanted }

  /// Every planting has come to its end, and what was worked is harvested.
  var isSettled: Bool { resolvedAt != nil && harvested >= worked }
}
