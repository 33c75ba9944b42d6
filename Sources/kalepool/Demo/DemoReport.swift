/// What a demo of so many blocks came to, and whether it is what it must be.
struct DemoReport: Sendable {
  var settings: DemoSettings
  /// Farm blocks that the poolers asked to plant.
  var blocks = 0
  var figures = DemoFigures()
  var auditDifferences = 0
  /// Farmers of a killed agent, which the others took over; nil: none was killed.
  var farmersMoved: Int?
  /// What did not end in time.
  var overdue: String?

  private var entries: [(name: String, value: Int)] {
    [
      ("blocks", blocks), ("farmers", settings.farmers), ("agents", settings.agents),
      ("planted", figures.planted), ("worked", figures.worked), ("harvested", figures.harvested),
      ("reward_stroops", figures.rewardStroops), ("stake_losses", figures.stakeLosses),
      ("exits", figures.exits), ("audit_differences", auditDifferences),
      ("missed", figures.missed), ("agents_killed", farmersMoved == nil ? 0 : 1),
      ("farmers_moved", farmersMoved ?? 0),
    ]
  }

  /// One line.
  var json: String {
    "{" + entries.map { #""\#($0.name)": \#($0.value)"# }.joined(separator: ", ") + "}"
  }

  /// For people.
  var text: String {
    entries.map { "\($0.name.replacing("_", with: " ")) \($0.value)" }.joined(separator: ", ")
  }

  /// What is not as it must be; nil: all is well.
  var problem: String? {
    let wanted = settings.farmers * (settings.blocks ?? 0)
    var problems: [String] = overdue.map { [$0] } ?? []
    func expect(_ name: String, _ value: Int, _ right: Int) {
      if value != right { problems.append("\(name) is \(value), not \(right)") }
    }
    expect("blocks", blocks, settings.blocks ?? 0)
    expect("planted", figures.planted, wanted)
    expect("worked", figures.worked, wanted)
    expect("harvested", figures.harvested, wanted)
    expect("stake_losses", figures.stakeLosses, 0)
    expect("agents_killed", farmersMoved == nil ? 0 : 1, settings.killAgent ? 1 : 0)
    expect("exits", figures.exits, settings.exitOne ? 1 : 0)
    expect("audit_differences", auditDifferences, 0)
    return problems.isEmpty ? nil : problems.joined(separator: "; ")
  }
}
