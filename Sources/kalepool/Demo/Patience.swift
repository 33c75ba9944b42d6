/// Waits until `condition` holds, asking again and again; a failure says what did not come.
func eventually(
  _ what: String, within seconds: Double, every pause: Duration = .milliseconds(250),
  _ condition: @Sendable () async throws -> Bool
) async throws {
  let deadline = ContinuousClock.now + .seconds(seconds)
  while try await !condition() {
    guard ContinuousClock.now < deadline else {
      throw CommandFailure("\(what) did not come within \(Int(seconds)) s")
    }
    try await Task.sleep(for: pause)
  }
}

/// How many requests of the demo are under way at once.
let requestsAtOnceMax = 32

extension Sequence where Self: Sendable, Element: Sendable {
  /// The results of `body` for every element, in order, so many at once.
  func concurrently<Result: Sendable>(
    atOnce: Int = requestsAtOnceMax,
    _ body: @escaping @Sendable (Element) async throws -> Result
  ) async throws -> [Result] {
    try await withThrowingTaskGroup(of: (Int, Result).self) { group in
      var results: [Int: Result] = [:]
      for (index, element) in enumerated() {
        if index >= atOnce, let (done, result) = try await group.next() { results[done] = result }
        group.addTask { (index, try await body(element)) }
      }
      for try await (done, result) in group { results[done] = result }
      return results.sorted { $0.key < $1.key }.map(\.value)
    }
  }
}
