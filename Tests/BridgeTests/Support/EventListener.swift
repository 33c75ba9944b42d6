import Foundation
import FoundationNetworking
import Synchronization

/// A client of server-sent events over a real connection.
final class EventListener: NSObject, URLSessionDataDelegate, Sendable {
  struct Event: Hashable, Sendable {
    var name: String
    var data: String
  }

  private struct State {
    var buffer = ""
    var contentType: String?
    var failure: (any Error)?
    var session: URLSession?
  }

  let events: AsyncStream<Event>
  private let continuation: AsyncStream<Event>.Continuation
  private let state = Mutex(State())

  init(_ request: URLRequest) {
    (events, continuation) = AsyncStream.makeStream(of: Event.self)
    super.init()
    let session = URLSession(configuration: .ephemeral, delegate: self, delegateQueue: nil)
    state.withLock { $0.session = session }
    session.dataTask(with: request).resume()
  }

  var contentType: String? { state.withLock { $0.contentType } }
  var failure: (any Error)? { state.withLock { $0.failure } }

  func close() { state.withLock { $0.session }?.invalidateAndCancel() }

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
  ) {
    state.withLock { $0.contentType = (response as? HTTPURLResponse)?.mimeType }
    completionHandler(.allow)
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    let blocks = state.withLock { state in
      state.buffer += String(decoding: data, as: UTF8.self)
      var blocks = state.buffer.components(separatedBy: "\n\n")
      state.buffer = blocks.removeLast()
      return blocks
    }
    for block in blocks {
      var name: String?
      var text: String?
      for line in block.split(separator: "\n") {
        if line.hasPrefix("event: ") { name = String(line.dropFirst(7)) }
        if line.hasPrefix("data: ") { text = String(line.dropFirst(6)) }
      }
      if let name, let text { continuation.yield(Event(name: name, data: text)) }
    }
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?
  ) {
    state.withLock { $0.failure = error }
    continuation.finish()
    session.finishTasksAndInvalidate()
  }
}
