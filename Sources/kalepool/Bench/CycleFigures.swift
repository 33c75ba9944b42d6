/// What ``BenchCycle`` measured, from the plant request until all is harvested.
struct CycleFigures: Encodable, Sendable {
  var farmers: Int
  /// What came of it, by the tables of events.
  var planted = 0
  var worked = 0
  var harvested = 0
  var nonces = 0

  var seconds = 0.0
  var ledgers = 0
  /// The longest that one ledger took; the network closes one every 5 s.
  var slowestLedgerSeconds = 0.0
  var events: Int64 = 0
  /// Commits of the journal; every other round trip is in `transactions` too.
  var commits: Int64 = 0
  var transactions: Int64 = 0
  /// From a nonce's coming until it is durable.
  var nonceMillisecondsMedian = 0.0
  var nonceMilliseconds99 = 0.0

  /// The pool's, with the chain that is played and the agents' hashing.
  var poolCPUSeconds = 0.0
  var databaseCPUSeconds = 0.0
  var poolMemoryBytes = 0
  var databaseMemoryBytes = 0
  /// Write-ahead log.
  var logBytes: Int64 = 0
  /// Reading everything at the next start, held against the chain.
  var restartSeconds = 0.0

  var isWhole: Bool { planted == farmers && worked == farmers && harvested == farmers }

  var text: String {
    var table = TextTable(.text("what"), .number("figure"), .text("unit"))
    func add(_ what: String, _ value: Double, _ unit: String = "") {
      table.add(what, "\((value * 100).rounded() / 100)", unit)
    }
    add("farmers", Double(farmers))
    add("planted", Double(planted))
    add("worked", Double(worked))
    add("harvested", Double(harvested))
    add("nonces", Double(nonces))
    add("block and harvests", seconds, "s")
    add("ledgers", Double(ledgers))
    add("slowest ledger", slowestLedgerSeconds, "s")
    add("events", Double(events))
    add("written", Double(events) / seconds, "events/s")
    add("commits", Double(commits))
    add("round trips", Double(transactions))
    add("events in a commit", Double(events) / Double(max(1, commits)))
    add("nonce durable, median", nonceMillisecondsMedian, "ms")
    add("nonce durable, 99 %", nonceMilliseconds99, "ms")
    add("CPU of the pool", poolCPUSeconds, "s")
    add("CPU of PostgreSQL", databaseCPUSeconds, "s")
    add("memory of the pool", Double(poolMemoryBytes) / 1e6, "MB")
    add("memory of PostgreSQL", Double(databaseMemoryBytes) / 1e6, "MB")
    add("write-ahead log", Double(logBytes) / 1e6, "MB")
    add("read at the next start", restartSeconds, "s")
    return table.text
  }
}
