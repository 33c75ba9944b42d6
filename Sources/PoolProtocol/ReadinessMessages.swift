import CPoolProtos
package import FramedRPC

/// Asks whether a service serves.
package struct ReadinessRequest: RPCMessage, Hashable {
  static let nameBytesMax = 128

  /// As `Work`; empty: all of them.
  package var service: String

  package init(service: String = "") { self.service = service }

  package init(unpacking bytes: [UInt8]) throws(MessageError) {
    self = try CMessage.read(
      bytes, max: MessageLimits.small, kalepool_message_readiness_request(),
      kalepool__v1__readiness_request__unpack, kalepool__v1__readiness_request__free_unpacked
    ) { (m) throws(MessageError) in
      let service = m.service.map { String(cString: $0) } ?? ""
      guard service.utf8.count <= Self.nameBytesMax else {
        throw MessageError("a service's name of \(service.utf8.count) bytes")
      }
      return ReadinessRequest(service: service)
    }
  }

  package func pack() -> [UInt8] {
    CArena.with { arena in
      var m = Kalepool__V1__ReadinessRequest()
      kalepool__v1__readiness_request__init(&m)
      m.service = arena.text(service)
      return CMessage.pack(
        &m, kalepool__v1__readiness_request__get_packed_size,
        kalepool__v1__readiness_request__pack)
    }
  }
}

/// gRPC's health states.
package enum ServingStatus: UInt32, Sendable, Hashable {
  /// Of a later version, or left out.
  case unspecified = 0
  case serving = 1
  /// It runs and cannot do its work.
  case notServing = 2
  case serviceUnknown = 3
}

package struct ReadinessReply: RPCMessage, Hashable {
  package var status: ServingStatus

  package init(status: ServingStatus) { self.status = status }

  package init(unpacking bytes: [UInt8]) throws(MessageError) {
    self = try CMessage.read(
      bytes, max: MessageLimits.small, kalepool_message_readiness_reply(),
      kalepool__v1__readiness_reply__unpack, kalepool__v1__readiness_reply__free_unpacked
    ) { (m) throws(MessageError) in
      ReadinessReply(
        status: ServingStatus(rawValue: UInt32(truncatingIfNeeded: m.status.rawValue))
          ?? .unspecified)
    }
  }

  package func pack() -> [UInt8] {
    var m = Kalepool__V1__ReadinessReply()
    kalepool__v1__readiness_reply__init(&m)
    m.status = Kalepool__V1__ServingStatus(rawValue: .init(status.rawValue))
    return CMessage.pack(
      &m, kalepool__v1__readiness_reply__get_packed_size, kalepool__v1__readiness_reply__pack)
  }
}
