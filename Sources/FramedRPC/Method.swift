/// How messages go in a call.
package enum CallKind: Sendable, Hashable {
  case unary
  case serverStream
  case clientStream
  case bidirectional

  package var requestStreams: Bool { self == .clientStream || self == .bidirectional }
  package var responseStreams: Bool { self == .serverStream || self == .bidirectional }
}

/// What both ends know of a method beforehand.
package struct MethodInfo: Sendable, Hashable {
  /// Never reassigned.
  package let id: UInt16
  package let service: String
  package let name: String
  package let kind: CallKind
  package let requestBytesMax: Int
  package let responseBytesMax: Int
  /// May be repeated after UNAVAILABLE.
  package let isIdempotent: Bool
  /// Open also to an agent that waits for approval.
  package let isOpenToPending: Bool

  package init(
    id: UInt16, service: String, name: String, kind: CallKind, requestBytesMax: Int,
    responseBytesMax: Int, isIdempotent: Bool = false, isOpenToPending: Bool = false
  ) {
    self.id = id
    self.service = service
    self.name = name
    self.kind = kind
    self.requestBytesMax = requestBytesMax
    self.responseBytesMax = responseBytesMax
    self.isIdempotent = isIdempotent
    self.isOpenToPending = isOpenToPending
  }
}

/// A value that travels in DATA frames.
package protocol RPCMessage: Sendable {
  /// Throws for bytes that are not this message, or break its limits.
  init(unpacking bytes: [UInt8]) throws(MessageError)
  func pack() -> [UInt8]
}

/// Bytes that are not the message they should be.
package struct MessageError: Error, Sendable, Hashable, CustomStringConvertible {
  package let message: String
  package init(_ message: String) { self.message = message }
  package var description: String { message }
}

package struct UnaryMethod<Request: RPCMessage, Response: RPCMessage>: Sendable {
  package let info: MethodInfo
  package init(_ info: MethodInfo) {
    precondition(info.kind == .unary)
    self.info = info
  }
}

package struct ServerStreamMethod<Request: RPCMessage, Response: RPCMessage>: Sendable {
  package let info: MethodInfo
  package init(_ info: MethodInfo) {
    precondition(info.kind == .serverStream)
    self.info = info
  }
}

package struct ClientStreamMethod<Request: RPCMessage, Response: RPCMessage>: Sendable {
  package let info: MethodInfo
  package init(_ info: MethodInfo) {
    precondition(info.kind == .clientStream)
    self.info = info
  }
}

package struct BidirectionalMethod<Request: RPCMessage, Response: RPCMessage>: Sendable {
  package let info: MethodInfo
  package init(_ info: MethodInfo) {
    precondition(info.kind == .bidirectional)
    self.info = info
  }
}
