package import Bytes
package import FramedRPC
import NIOCore
package import SecureChannel
import Sodium

/// An agent's session with a coordinator: calls, until it ends.
///
/// Every call ends in its result or an ``RPCError``; when the connection goes, open calls end with
/// UNAVAILABLE, never as a success.
package final class RPCSession: Sendable {
  /// What READY said.
  package let outcome: AgentOutcome
  /// Names this session in proofs made within it.
  package let transcript: [UInt8]
  /// The coordinator's key that was used.
  package let serverKey: Bytes32
  let mailbox: Mailbox
  let end = EndSignal()
  private let retries = Retries()

  init(outcome: AgentOutcome, transcript: [UInt8], serverKey: Bytes32, mailbox: Mailbox) {
    self.outcome = outcome
    self.transcript = transcript
    self.serverKey = serverKey
    self.mailbox = mailbox
  }

  /// Nil while it lives.
  package var ended: SessionEnd? { end.value }

  /// Returns when the session is over, or nil when the task is cancelled before.
  package func waitForEnd() async -> SessionEnd? { await end.wait() }

  /// Says goodbye; open calls end.
  package func close(_ code: CloseCode = .done, _ text: String = "") {
    mailbox.post(.close(code, text))
  }

  /// One request, one answer, within `deadline` (at most 120 s) and a few attempts.
  ///
  /// A call with effects gets a request id, so that the server does it once however often it is
  /// asked; see ``RetryPolicy``.
  package func call<Request, Response>(
    _ method: UnaryMethod<Request, Response>, _ request: Request,
    deadline: Duration = .milliseconds(RPCLimits.deadlineMsDefault),
    headers: Headers = Headers()
  ) async throws(RPCError) -> Response {
    let bytes = try pack(request, method.info)
    var headers = headers
    if !method.info.isIdempotent, headers.requestID.isEmpty {
      headers.requestID = randomBytes(16)
    }
    let limit =
      NIODeadline.now() + TimeAmount(min(deadline, .milliseconds(RPCLimits.deadlineMsMax)))
    var attempt = 1
    while true {
      do throws(RPCError) {
        let response: Response = try await callOnce(method.info, bytes, limit, headers)
        retries.succeeded()
        return response
      } catch {
        guard ended == nil, let wait = retries.wait(after: error, attempt: attempt),
          NIODeadline.now() + TimeAmount(wait) < limit
        else { throw error }
        do { try await Task.sleep(for: wait) } catch {
          throw RPCError(.cancelled, "the task was cancelled")
        }
        attempt += 1
      }
    }
  }

  private func callOnce<Response: RPCMessage>(
    _ info: MethodInfo, _ bytes: [UInt8], _ limit: NIODeadline, _ headers: Headers
  ) async throws(RPCError) -> Response {
    let stream = CallStream(mailbox: mailbox)
    mailbox.post(
      .open(stream, info, deadline: limit, headers, first: bytes, isLast: true))
    do throws(RPCError) {
      guard let answer = try await stream.next() else {
        throw RPCError(.internalError, "\(info.name) was answered without an answer")
      }
      // The answer counts only once the callee's END says OK.
      guard try await stream.next() == nil else {
        throw RPCError(.internalError, "\(info.name) was answered twice")
      }
      do { return try Response(unpacking: answer) } catch {
        throw RPCError(.internalError, error.message)
      }
    } catch {
      mailbox.post(.reset(stream, .cancelled))  // Of no effect where the call is over already.
      throw error
    }
  }

  /// One request, many answers; leaving `body` ends the call.
  package func withStream<Request, Response, R: Sendable>(
    _ method: ServerStreamMethod<Request, Response>, _ request: Request,
    headers: Headers = Headers(), _ body: (MessageReader<Response>) async throws -> R
  ) async throws -> R {
    let bytes = try pack(request, method.info)
    let stream = CallStream(mailbox: mailbox)
    mailbox.post(.open(stream, method.info, deadline: nil, headers, first: bytes, isLast: true))
    defer { mailbox.post(.reset(stream, .cancelled)) }
    return try await body(MessageReader(stream: stream))
  }

  /// Many requests, one answer.
  package func withStream<Request, Response>(
    _ method: ClientStreamMethod<Request, Response>, headers: Headers = Headers(),
    _ body: (MessageWriter<Request>) async throws -> Void
  ) async throws -> Response {
    let stream = CallStream(mailbox: mailbox)
    mailbox.post(.open(stream, method.info, deadline: nil, headers, first: nil, isLast: false))
    defer { mailbox.post(.reset(stream, .cancelled)) }
    let writer = MessageWriter<Request>(stream: stream, bytesMax: method.info.requestBytesMax)
    try await body(writer)
    writer.finish()
    var answers = MessageReader<Response>(stream: stream).makeAsyncIterator()
    guard let answer = try await answers.next() else {
      throw RPCError(.internalError, "\(method.info.name) was answered without an answer")
    }
    return answer
  }

  /// Messages both ways; leaving `body` ends the call.
  package func withStream<Request, Response, R: Sendable>(
    _ method: BidirectionalMethod<Request, Response>, headers: Headers = Headers(),
    _ body: (MessageWriter<Request>, MessageReader<Response>) async throws -> R
  ) async throws -> R {
    let stream = CallStream(mailbox: mailbox)
    mailbox.post(.open(stream, method.info, deadline: nil, headers, first: nil, isLast: false))
    defer { mailbox.post(.reset(stream, .cancelled)) }
    return try await body(
      MessageWriter(stream: stream, bytesMax: method.info.requestBytesMax),
      MessageReader(stream: stream))
  }

  private func pack(_ message: some RPCMessage, _ info: MethodInfo) throws(RPCError) -> [UInt8] {
    let bytes = message.pack()
    guard bytes.count <= min(info.requestBytesMax, Int(outcome.terms.messageBytesMax)) else {
      throw RPCError(.resourceExhausted, "the request is above \(info.name)'s limit")
    }
    return bytes
  }
}
