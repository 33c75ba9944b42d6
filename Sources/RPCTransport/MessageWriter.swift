package import FramedRPC

/// Our half of a call. May be used from several tasks.
package struct MessageWriter<Message: RPCMessage>: Sendable {
  let stream: CallStream
  let bytesMax: Int

  /// Queues a message; waits while the peer gives no credit. Throws when the call is over, for the
  /// reason it is over.
  package func write(_ message: Message) async throws(RPCError) {
    let bytes = message.pack()
    guard bytes.count <= bytesMax else {
      throw RPCError(
        .resourceExhausted, "a message of \(bytes.count) bytes, above the limit of \(bytesMax)")
    }
    try await stream.write(bytes)
  }

  /// The opener's half-close: no more messages from us. A callee ends by returning instead.
  package func finish() { stream.mailbox.post(.finish(stream)) }
}
