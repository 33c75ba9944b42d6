import Dispatch
import Glibc

/// SIGINT and SIGTERM as a request to end; the second one ends at once.
enum Signals {
  static func whileWatching<R>(
    _ asked: @escaping @Sendable () -> Void, run body: () async throws -> R
  ) async rethrows -> R {
    let sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { @Sendable in
        // From now on the system's own way.
        signal(number, SIG_DFL)
        asked()
      }
      source.resume()
      return source
    }
    defer { for source in sources { source.cancel() } }
    return try await body()
  }
}
