import Pool
import Postgres

/// Some links of the journal and the rows at their positions.
struct JournalChunk {
  let previous: JournalLink
  let links: [JournalLink]
  /// Every kind's rows, in the order of `poolEventTypes`.
  let tables: [PostgresRows]
  private let postings: PostgresRows
  /// Where each event's row is, in the order of positions.
  let places: [Place]

  struct Place {
    var position: Int64
    /// In `tables`.
    var kind: Int
    var row: Int
  }

  init(
    previous: JournalLink, links: [JournalLink], rows: [PostgresRows]
  ) throws(PostgresError) {
    self.previous = previous
    self.links = links
    tables = Array(rows.dropLast())
    postings = rows[rows.count - 1]
    var places: [Place] = []
    for (kind, rows) in tables.enumerated() where !rows.isEmpty {
      let column = rows.columns.firstIndex(of: "position") ?? 0
      for (index, row) in rows.enumerated() {
        places.append(Place(position: try row.int(column), kind: kind, row: index))
      }
    }
    places.sort { ($0.position, $0.kind, $0.row) < ($1.position, $1.kind, $1.row) }
    self.places = places
  }

  /// What does not fit: each link is held against the head before it as it stands, so that one
  /// change is one finding.
  func findings() throws(PostgresError) -> [JournalFinding] {
    var findings: [JournalFinding] = []
    let layouts = zip(poolEventTypes, tables).map { Self.layout($0, $1) }
    var place = 0
    var posting = 0
    var before = previous
    for link in links {
      var bytes = JournalBytes()
      var positions: [Int64] = []
      while place < places.count, places[place].position <= link.last {
        try add(places[place], layouts, to: &bytes)
        positions.append(places[place].position)
        place += 1
      }
      while posting < postings.count, try postings[posting].int(0) <= link.last {
        let row = postings[posting]
        bytes.addPosting(
          try row.int(0), try row.int(1), try row.text(2), try row.text(3), try row.int(4))
        posting += 1
      }
      let expected = JournalLink(
        after: before, epoch: link.epoch, last: link.last, recordedAt: link.recordedAt, bytes)
      if expected != link { findings.append(Self.finding(link, expected, positions)) }
      before = link
    }
    return findings
  }

  private func add(
    _ place: Place, _ layouts: [(JournalBytes.Layout, time: Int)?], to bytes: inout JournalBytes
  ) throws(PostgresError) {
    guard let (layout, time) = layouts[place.kind] else {
      throw PostgresError(.unexpectedValue, "a table of events has other columns than it had")
    }
    let row = tables[place.kind][place.row]
    bytes.addEvent(place.position, try row.timestamp(time), layout) { row[$0] }
  }

  private static func layout(
    _ type: any PoolEvent.Type, _ rows: PostgresRows
  ) -> (JournalBytes.Layout, time: Int)? {
    guard let time = rows.columns.firstIndex(of: "recorded_at") else { return nil }
    let columns = rows.columns.enumerated().filter {
      $1 != "position" && $1 != "recorded_at"
    }.map { ($1, $0) }
    return (JournalBytes.Layout(table: type.table, columns: columns), time)
  }

  /// As narrow as can be: an event that is missing or there twice is named.
  private static func finding(
    _ link: JournalLink, _ expected: JournalLink, _ positions: [Int64]
  ) -> JournalFinding {
    if link.number != expected.number || link.first != expected.first {
      return JournalFinding(
        .links, expected.first...max(expected.first, link.last),
        "the chain breaks before link \(link.number): links are missing or were changed")
    }
    for (index, position) in positions.enumerated() {
      let wanted = link.first + Int64(index)
      if position > wanted {
        return JournalFinding(.events, wanted...wanted, "event \(wanted) is missing")
      }
      if position < wanted {
        return JournalFinding(
          .events, position...position, "an event too many stands at \(position)")
      }
    }
    let count = Int64(positions.count)
    if link.last - link.first + 1 > count {
      let missing = link.first + count
      return JournalFinding(.events, missing...missing, "event \(missing) is missing")
    }
    return JournalFinding(
      .events, link.first...link.last,
      link.first == link.last
        ? "event \(link.first), its postings or its link was changed"
        : "of the events \(link.first) to \(link.last), their postings and their link, "
          + "something was changed")
  }
}
