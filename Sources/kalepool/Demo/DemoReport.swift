/// What a demo of so many blocks came to, and whether it is what it must be.
struct DemoReport: Sendable {
  var settings: DemoSettings
  /// Farm blocks that the poolers asked to plant.
  var blocks = 0
  var figures = DemoFigures()
  var auditDifferences = 0
  /// Farmers of a killed agent, which the others took over; nil: none was killed.
  var farmersMoved: Int?
  /// What came of each fault, in order.
  var faults: [DemoFaults.Line] = []
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
    let faults = faults.map { line in
      #"{"fault": "\#(line.name)", "block": \#(line.block), "struck": \#(line.struck), "#
        + #""planted": \#(line.figures.planted), "missed": \#(line.figures.missed), "#
        + #""worked": \#(line.figures.worked), "harvested": \#(line.figures.harvested), "#
        + #""stake_losses": \#(line.figures.stakeLosses)}"#
    }
    return "{" + entries.map { #""\#($0.name)": \#($0.value)"# }.joined(separator: ", ")
      + (faults.isEmpty ? "" : #", "faults": [\#(faults.joined(separator: ", "))]"#) + "}"
  }

  /// For people.
  var text: String {
    let lines = faults.map { line in
      "\n  \(line.name), struck \(line.struck) times from block \(line.block) on: planted"
        + " \(line.figures.planted), missed \(line.figures.missed), worked \(line.figures.worked),"
        + " harvested \(line.figures.harvested), lost \(line.figures.stakeLosses)"
    }
    return entries.map { "\($0.name.replacing("_", with: " ")) \($0.value)" }
      .joined(separator: ", ") + lines.joined()
  }

  /// What is not as it must be; nil: all is well.
  var problem: String? {
    let wanted = settings.farmers * (settings.blocks ?? 0)
    var problems: [String] = overdue.map { [$0] } ?? []
    func expect(_ name: String, _ value: Int, _ right: Int) {
      if value != right { problems.append("\(name) is \(value), not \(right)") }
    }
    expect("blocks", blocks, settings.blocks ?? 0)
    // A fault may keep the pool from planting, as while nodes contradict each other; it must not
    // lose what was planted.
    expect("planted", figures.planted, settings.faults ? wanted - figures.missed : wanted)
    expect("worked", figures.worked, settings.faults ? figures.planted : wanted)
    expect("harvested", figures.harvested, settings.faults ? figures.worked : wanted)
    expect("stake_losses", figures.stakeLosses, 0)
    expect("agents_killed", farmersMoved == nil ? 0 : 1, settings.killAgent ? 1 : 0)
    expect("exits", figures.exits, settings.exitOne ? 1 : 0)
    expect("audit_differences", auditDifferences, 0)
    return problems.isEmpty ? nil : problems.joined(separator: "; ")
  }
}
