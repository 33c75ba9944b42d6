/// Frame types. From 128 on a frame is an extension and skipped.
package enum FrameType: UInt8, Sendable, Hashable {
  case open = 1
  case data = 2
  case end = 3
  case reset = 4
  case credit = 5
  case ping = 6
  case pong = 7
  case goAway = 8
  case rekey = 9
  case close = 10
}

/// One frame as it lies in a record's plain text. Only its outer form is checked yet.
package struct Frame: Sendable, Equatable {
  package static let more: UInt8 = 1
  package static let last: UInt8 = 2

  package var type: UInt8
  package var flags: UInt8
  package var stream: UInt32
  package var payload: ArraySlice<UInt8>

  package init(
    _ type: FrameType, flags: UInt8 = 0, stream: UInt32 = 0, payload: ArraySlice<UInt8> = []
  ) {
    self.init(type: type.rawValue, flags: flags, stream: stream, payload: payload)
  }

  init(type: UInt8, flags: UInt8, stream: UInt32, payload: ArraySlice<UInt8>) {
    precondition(payload.count <= RPCLimits.framePayloadBytesMax)
    self.type = type
    self.flags = flags
    self.stream = stream
    self.payload = payload
  }

  package func append(to plain: inout [UInt8]) {
    plain.append(bigEndian: UInt16(type) << 8 | UInt16(flags))
    plain.append(bigEndian: stream)
    plain.append(bigEndian: UInt16(payload.count))
    plain.append(contentsOf: payload)
  }
}

/// A peer's breach of the protocol, and the code its connection is closed with.
package struct ProtocolBreach: Error, Sendable, Hashable, CustomStringConvertible {
  package let code: CloseCode
  package let reason: String

  init(_ code: CloseCode, _ reason: String) {
    self.code = code
    self.reason = reason
  }

  package var description: String { "\(code): \(reason)" }
}

/// Reads the frames of one record. Total: any bytes give frames or a breach.
package struct FrameReader {
  private let plain: ArraySlice<UInt8>
  private var at: Int

  package init(_ plain: [UInt8]) { self.init(plain[...]) }

  package init(_ plain: ArraySlice<UInt8>) {
    self.plain = plain
    at = plain.startIndex
  }

  /// The next frame, or nil at the end or where padding starts, which is checked.
  package mutating func next() throws(ProtocolBreach) -> Frame? {
    guard at < plain.endIndex else { return nil }
    let type = plain[at]
    if type == 0 {
      guard plain[at...].isAllZero else {
        throw ProtocolBreach(.protocolError, "padding that is not zero")
      }
      at = plain.endIndex
      return nil
    }
    guard plain.endIndex - at >= RPCLimits.frameHeaderBytes else {
      throw ProtocolBreach(.protocolError, "a frame header is cut off")
    }
    let flags = plain[at + 1]
    let header = plain[at..<at + RPCLimits.frameHeaderBytes]
    let stream: UInt32 = header.bigEndian(at: 2)
    let count = Int(header.bigEndian(at: 6) as UInt16)
    let start = at + RPCLimits.frameHeaderBytes
    guard plain.endIndex - start >= count else {
      throw ProtocolBreach(.protocolError, "a frame is longer than its record")
    }
    at = start + count
    return Frame(type: type, flags: flags, stream: stream, payload: plain[start..<at])
  }
}
