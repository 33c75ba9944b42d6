package import FramedRPC
import Logging

/// What a server serves: a handler for each method.
///
/// A handler that throws an ``RPCError`` ends its call with that status; anything else it throws is
/// INTERNAL for the peer and a line in the log. One with `isShort` neither blocks nor computes for
/// long, nor do the actors it calls: it runs on its connection's own thread, which saves two changes
/// of thread a message.
package struct RPCServices: Sendable {
  struct Registered: Sendable {
    let info: MethodInfo
    let isShort: Bool
    let run: @Sendable (CallStream, CallContext) async throws -> [UInt8]?
  }

  private(set) var methods: [UInt16: Registered] = [:]

  package init() {}

  package mutating func handle<Request, Response>(
    _ method: UnaryMethod<Request, Response>, isShort: Bool = false,
    _ body: @escaping @Sendable (Request, CallContext) async throws -> Response
  ) {
    register(method.info, isShort) { stream, context in
      let request: Request = try await Self.only(stream)
      return try Self.pack(await body(request, context), method.info)
    }
  }

  package mutating func handle<Request, Response>(
    _ method: ServerStreamMethod<Request, Response>, isShort: Bool = false,
    _ body: @escaping @Sendable (Request, MessageWriter<Response>, CallContext) async throws -> Void
  ) {
    register(method.info, isShort) { stream, context in
      let request: Request = try await Self.only(stream)
      let writer = MessageWriter<Response>(
        stream: stream, bytesMax: method.info.responseBytesMax)
      try await body(request, writer, context)
      return nil
    }
  }

  package mutating func handle<Request, Response>(
    _ method: ClientStreamMethod<Request, Response>, isShort: Bool = false,
    _ body: @escaping @Sendable (MessageReader<Request>, CallContext) async throws -> Response
  ) {
    register(method.info, isShort) { stream, context in
      try Self.pack(await body(MessageReader(stream: stream), context), method.info)
    }
  }

  package mutating func handle<Request, Response>(
    _ method: BidirectionalMethod<Request, Response>, isShort: Bool = false,
    _ body:
      @escaping @Sendable (MessageReader<Request>, MessageWriter<Response>, CallContext)
      async throws -> Void
  ) {
    register(method.info, isShort) { stream, context in
      let writer = MessageWriter<Response>(
        stream: stream, bytesMax: method.info.responseBytesMax)
      try await body(MessageReader(stream: stream), writer, context)
      return nil
    }
  }

  private mutating func register(
    _ info: MethodInfo, _ isShort: Bool,
    _ run: @escaping @Sendable (CallStream, CallContext) async throws -> [UInt8]?
  ) {
    precondition(methods[info.id] == nil, "method \(info.id) is served twice")
    methods[info.id] = Registered(info: info, isShort: isShort, run: run)
  }

  /// The one message of a call whose request does not stream.
  private static func only<Request: RPCMessage>(_ stream: CallStream) async throws -> Request {
    guard let bytes = try await stream.next() else {
      throw RPCError(.invalidArgument, "the request is missing")
    }
    let request: Request
    do { request = try Request(unpacking: bytes) } catch {
      throw RPCError(.invalidArgument, "\(error)")
    }
    guard try await stream.next() == nil else {
      throw RPCError(.invalidArgument, "more than one request")
    }
    return request
  }

  private static func pack(_ message: some RPCMessage, _ info: MethodInfo) throws -> [UInt8] {
    let bytes = message.pack()
    guard bytes.count <= info.responseBytesMax else {
      throw RPCError(.internalError, "the answer is above the method's limit")
    }
    return bytes
  }
}

extension RPCServices.Registered {
  /// Says how the call ends: as it ended before where it was made before under its request id.
  func outcome(
    _ stream: CallStream, _ context: CallContext, _ results: ResultCache, _ logger: Logger
  ) async -> ResultCache.Outcome {
    guard info.kind == .unary, !info.isIdempotent, !context.requestID.isEmpty else {
      return await outcome(stream, context, logger)
    }
    let key = ResultCache.Key(
      agent: context.agentKey, method: info.id, request: context.requestID)
    return await results.outcome(of: key) { await outcome(stream, context, logger) }
  }

  /// Runs the handler.
  private func outcome(
    _ stream: CallStream, _ context: CallContext, _ logger: Logger
  ) async -> ResultCache.Outcome {
    do { return (try await run(stream, context), nil) } catch let error as RPCError {
      return (nil, error)
    } catch is CancellationError {
      return (nil, RPCError(.cancelled, "the call was cancelled"))
    } catch {
      logger.error(
        "a call failed",
        metadata: ["method": "\(info.service).\(info.name)", "error": "\(error)"])
      return (nil, RPCError(.internalError, "internal error"))
    }
  }
}
