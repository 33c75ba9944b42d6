package import FramedRPC

/// The messages of the peer's half of a call, in order. For one reader.
///
/// Ends where the peer ended well; throws the call's ``RPCError`` otherwise. Taking a message gives
/// its credit back, so a slow reader slows its peer.
package struct MessageReader<Message: RPCMessage>: AsyncSequence, Sendable {
  package typealias Element = Message
  package typealias Failure = RPCError

  let stream: CallStream

  package struct AsyncIterator: AsyncIteratorProtocol {
    let stream: CallStream

    package mutating func next() async throws(RPCError) -> Message? {
      guard let bytes = try await stream.next() else { return nil }
      do { return try Message(unpacking: bytes) } catch {
        throw RPCError(.invalidArgument, error.message)
      }
    }

    package mutating func next(isolation actor: isolated (any Actor)?) async throws(RPCError)
      -> Message?
    {
      try await next()
    }
  }

  package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(stream: stream) }
}
