import Runtime

/// An HTTP client on libcurl: one thread owns the multi handle and every transfer, so that
/// connections are reused and any number of tasks may wait.
package final class HTTPClient: Sendable {
  package struct Settings: Sendable {
    /// Connections to one host at a time; further requests wait for one. HTTP/2 needs only one.
    package var connectionsPerHostMax = 32
    /// Idle connections kept.
    package var idleConnectionsMax = 32
    package var connectTimeout: Duration = .seconds(5)
    package var userAgent = "kalepool"

    package init() {}
  }

  private let loop: CurlLoop
  private let thread: OwnThread

  package init(_ settings: Settings = Settings()) {
    let loop = CurlLoop(settings)
    self.loop = loop
    thread = OwnThread(name: "http client") { loop.run() }
  }

  /// Ends the thread; requests under way end with `closed`.
  deinit { loop.stop() }

  /// Sends a request and waits for the whole answer. Cancelling the task drops the transfer.
  package func send(_ request: HTTPRequest) async throws(HTTPClientError) -> HTTPResponse {
    let transfer = CurlTransfer(request)
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        transfer.completion.wait(continuation)
        loop.submit(.start(transfer))
      }
    } onCancel: {
      loop.submit(.cancel(transfer))
    }
    return try result.get()
  }
}
