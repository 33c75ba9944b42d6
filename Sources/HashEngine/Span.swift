/// Nonces from `first` to `last`, both included, so that 2^64 − 1 can be the last.
struct Span: Sendable, Equatable {
  var first: UInt64
  var last: UInt64

  /// Takes up to `limit` (at least 1) nonces from the front; nil for the rest when all are taken.
  func split(_ limit: UInt64) -> (taken: (first: UInt64, count: UInt64), rest: Span?) {
    if last - first < limit { return ((first, last - first + 1), nil) }
    return ((first, limit), Span(first: first + limit, last: last))
  }
}
