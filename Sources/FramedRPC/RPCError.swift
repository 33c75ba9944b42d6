/// How a call failed, as it travels in trailers.
package struct RPCError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What a caller may act on beyond the code.
  package enum Detail: Sendable, Hashable {
    case staleBlock(currentBlockIndex: UInt32)
    case overCapacity(limit: UInt32)
    case invalidNonce(zerosExpected: UInt32, zerosGot: UInt32)
    case notAuthorised(what: String)
  }

  /// Longest text in trailers, UTF-8 bytes.
  package static let messageBytesMax = 256

  package var code: RPCStatusCode
  /// For people; never a secret. Cut at ``messageBytesMax`` on the wire.
  package var message: String
  /// A number of the service's own, zero for none.
  package var domainCode: UInt32 = 0
  /// When trying again makes sense, zero: unsaid.
  package var retryAfterMs: UInt32 = 0
  package var detail: Detail?

  package init(_ code: RPCStatusCode, _ message: String, detail: Detail? = nil) {
    self.code = code
    self.message = message
    self.detail = detail
  }

  package var description: String { message.isEmpty ? "\(code)" : "\(code): \(message)" }
}
