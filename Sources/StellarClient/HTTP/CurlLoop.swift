import CCurl
import Synchronization

/// The thread that owns the multi handle.
///
/// Commands come in under a lock and by a wake-up of the poll; everything else happens on the
/// thread. Unchecked because `multi` is otherwise used on that thread only: `curl_multi_wakeup` may be
/// called from any thread while the handle lives, and `isOpen` says whether it does.
final class CurlLoop: @unchecked Sendable {
  enum Command {
    case start(CurlTransfer)
    case cancel(CurlTransfer)
  }

  private struct Mailbox {
    var commands: [Command] = []
    var isStopping = false
    var isOpen = true
  }

  private let settings: HTTPClient.Settings
  private let multi: UnsafeMutableRawPointer
  private let mailbox = Mutex(Mailbox())
  /// By easy handle.
  private var active: [UnsafeMutableRawPointer: CurlTransfer] = [:]

  /// Done once in a process, before any other call of libcurl.
  private static let isInitialised: Bool = {
    precondition(curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK, "libcurl did not start")
    return true
  }()

  init(_ settings: HTTPClient.Settings) {
    precondition(Self.isInitialised)
    guard let multi = curl_multi_init() else { preconditionFailure("no memory for libcurl") }
    kp_curl_multi_set_long(
      multi, CURLMOPT_MAX_HOST_CONNECTIONS, settings.connectionsPerHostMax)
    kp_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, settings.idleConnectionsMax)
    self.multi = multi
    self.settings = settings
  }

  func submit(_ command: Command) {
    let isOpen = mailbox.withLock { mailbox in
      guard mailbox.isOpen else { return false }
      mailbox.commands.append(command)
      curl_multi_wakeup(multi)
      return true
    }
    if !isOpen, case .start(let transfer) = command {
      transfer.completion.complete(.failure(.shut))
    }
  }

  func stop() {
    mailbox.withLock { mailbox in
      guard mailbox.isOpen else { return }
      mailbox.isStopping = true
      curl_multi_wakeup(multi)
    }
  }

  /// The thread's body.
  func run() {
    while let commands = take() {
      for command in commands {
        switch command {
        case .start(let transfer): start(transfer)
        case .cancel(let transfer): cancel(transfer)
        }
      }
      var running: CInt = 0
      curl_multi_perform(multi, &running)
      finishDone()
      // libcurl shortens the wait by its own timers; commands end it.
      curl_multi_poll(multi, nil, 0, 60_000, nil)
    }
    for transfer in active.values { end(transfer, .failure(.shut)) }
    curl_multi_cleanup(multi)
  }

  /// The commands so far, or nil at the end; then no further ones are taken.
  private func take() -> [Command]? {
    let (commands, isStopping) = mailbox.withLock { mailbox in
      defer { mailbox.commands = [] }
      if mailbox.isStopping { mailbox.isOpen = false }
      return (mailbox.commands, mailbox.isStopping)
    }
    guard isStopping else { return commands }
    for case .start(let transfer) in commands { transfer.completion.complete(.failure(.shut)) }
    return nil
  }

  private func start(_ transfer: CurlTransfer) {
    guard !transfer.isCancelled else {
      transfer.completion.complete(.failure(.cancelledByCaller))
      return
    }
    guard let easy = transfer.prepare(settings) else {
      transfer.completion.complete(
        .failure(HTTPClientError(.badRequest, "\(transfer.request.url): not a request")))
      return
    }
    active[easy] = transfer
    let status = curl_multi_add_handle(multi, easy)
    precondition(status == CURLM_OK, "a fresh handle is always taken")
  }

  /// A task may be cancelled before its request arrives here; then the start is refused.
  private func cancel(_ transfer: CurlTransfer) {
    transfer.isCancelled = true
    if transfer.easy != nil { end(transfer, .failure(.cancelledByCaller)) }
  }

  private func finishDone() {
    var left: CInt = 0
    while let message = curl_multi_info_read(multi, &left) {
      guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else {
        continue
      }
      let status = kp_curl_message_result(message)
      guard let transfer = active[easy] else { continue }
      end(transfer, transfer.result(status))
    }
  }

  private func end(_ transfer: CurlTransfer, _ result: CurlTransfer.Result) {
    guard let easy = transfer.easy else { return }
    active[easy] = nil
    curl_multi_remove_handle(multi, easy)
    transfer.dismantle()
    transfer.completion.complete(result)
  }
}

extension HTTPClientError {
  fileprivate static let shut = HTTPClientError(.closed, "the HTTP client was shut down")
  fileprivate static let cancelledByCaller = HTTPClientError(
    .cancelled, "the request was cancelled")
}
