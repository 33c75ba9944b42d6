/// What a demo of so many blocks came to, and whether it is what it must be.
struct DemoReport: Sendable {
  var settings: DemoSettings
  /// Farm blocks that the poolers asked to plant.
  var blocks = 0
  var figures = DemoFigures()
  var auditDifferences = 0
  /// Farmers of a killed agent, which the others took over; nil: none was killed.
  var farmersMoved: Int?
  /// Plantings that were asked for.
  var wanted = 0
  /// What came of each fault, in order.
  var faults: [DemoFaults.Line] = []
  /// What the ledgers say; nil: it was not asked.
  var chain: DemoChain?
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
    ] + chainEntries
  }

  private var chainEntries: [(name: String, value: Int)] {
    guard let chain else { return [] }
    return [
      ("plants_on_chain", chain.plants), ("works_on_chain", chain.works),
      ("harvests_on_chain", chain.harvests), ("splits_on_chain", chain.splits),
      ("by_channels", chain.byChannels),
      ("done_twice", chain.repeated),
    ]
  }

  /// One line.
  var json: String {
    let faults = faults.map { #"{"fault": "\#($0.name)", "# + Self.members($0.counts) + "}" }
    return "{" + Self.members(entries)
      + (faults.isEmpty ? "" : #", "faults": [\#(faults.joined(separator: ", "))]"#) + "}"
  }

  private static func members(_ entries: [(name: String, value: Int)]) -> String {
    entries.map { #""\#($0.name)": \#($0.value)"# }.joined(separator: ", ")
  }

  /// For people.
  var text: String {
    let counts = entries.map { "\($0.name.replacing("_", with: " ")) \($0.value)" }
      .joined(separator: ", ")
    return faults.isEmpty ? counts : "\(faultTable)\n\(counts)"
  }

  private var faultTable: String {
    let titles = faults[0].counts.map { $0.name.replacing("_", with: " ") }
    var table = TextTable([.text("fault")] + titles.map { .number($0) })
    for line in faults { table.add([line.name] + line.counts.map { "\($0.value)" }) }
    return table.text
  }

  /// What is not as it must be; nil: all is well.
  var problem: String? {
    var problems: [String] = overdue.map { [$0] } ?? []
    func expect(_ name: String, _ value: Int, _ right: Int) {
      if value != right { problems.append("\(name) is \(value), not \(right)") }
    }
    expect("blocks", blocks, settings.blocks ?? 0)
    // A fault may keep the pool from planting, as while nodes contradict each other; it must not
    // lose what was planted.
    let planted =
      settings.faults ? wanted - figures.missed : settings.farmers * (settings.blocks ?? 0)
    expect("planted", figures.planted, planted)
    expect("worked", figures.worked, planted)
    expect("harvested", figures.harvested, planted)
    expect("stake_losses", figures.stakeLosses, 0)
    expect("agents_killed", farmersMoved == nil ? 0 : 1, settings.killAgent ? 1 : 0)
    expect("exits", figures.exits, settings.leavers)
    if let chain {
      expect("plants_on_chain", chain.plants, planted)
      expect("works_on_chain", chain.works, planted)
      expect("harvests_on_chain", chain.harvests, planted)
      expect("splits_on_chain", chain.splits, settings.leavers)
      expect("done_twice", chain.repeated, 0)
    }
    expect("audit_differences", auditDifferences, 0)
    return problems.isEmpty ? nil : problems.joined(separator: "; ")
  }
}
