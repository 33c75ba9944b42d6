/// What waits to be written, in order, and whether anything may still be.
///
/// Once one write fails nothing after it is written: whoever appended later built on it.
struct AppendQueue {
  /// The position the next entry gets.
  private(set) var next: Int64
  private var waiting: [AppendTicket] = []
  private var entriesWaiting = 0
  private var isWriting = false
  private var end: StoreError?
  /// The end, where it was not asked for.
  var failure: StoreError? { end.flatMap { $0.code == .closed ? nil : $0 } }

  /// Entries that may wait; a coordinator that gets this far behind its database must stop.
  static let entriesWaitingMax = 1_000_000
  /// Entries written in one transaction; beyond this throughput does not rise, latency does.
  static let entriesWrittenMax = 5_000

  init(next: Int64) { self.next = next }

  enum Entrance {
    /// Queued, and the caller is to start writing.
    case start(AppendTicket)
    /// Queued behind others.
    case queued(AppendTicket)
    /// Not queued: its ticket fails so.
    case refused(AppendTicket, StoreError)
  }

  mutating func enter(_ entries: [JournalEntry]) -> Entrance {
    let ticket = AppendTicket(entries: entries, from: next)
    if end == nil, entriesWaiting + entries.count > Self.entriesWaitingMax {
      end = StoreError(.overloaded, "the database does not keep up with what is to be recorded")
    }
    if let end { return .refused(ticket, end) }
    next += Int64(entries.count)
    entriesWaiting += entries.count
    waiting.append(ticket)
    defer { isWriting = true }
    return isWriting ? .queued(ticket) : .start(ticket)
  }

  /// The tickets to write next in one transaction; none: the writer stops.
  mutating func take() -> [AppendTicket] {
    var count = 0
    var size = 0
    while count < waiting.count {
      size += waiting[count].entries.count
      if count > 0, size > Self.entriesWrittenMax { break }
      count += 1
    }
    let taken = Array(waiting[..<count])
    waiting.removeFirst(count)
    entriesWaiting -= taken.reduce(0) { $0 + $1.entries.count }
    if taken.isEmpty { isWriting = false }
    return taken
  }

  /// Takes nothing more; what waits is still written.
  mutating func close() {
    end = end ?? StoreError(.closed, "the journal has been closed")
  }

  /// Nothing is written from now on; the tickets that waited fail with the first error.
  mutating func fail(_ error: StoreError) -> ([AppendTicket], StoreError) {
    let first = end ?? error
    end = first
    defer {
      waiting = []
      entriesWaiting = 0
    }
    return (waiting, first)
  }
}
