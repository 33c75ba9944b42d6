import CPoolProtos
package import FramedRPC

/// An improvement for one farmer.
package struct NonceFound: Sendable, Hashable {
  package var handle: UInt64
  package var blockIndex: UInt32
  package var nonce: UInt64
  package var zeros: Int
  /// Hashes done for this assignment so far.
  package var hashesDone: UInt64

  package init(handle: UInt64, blockIndex: UInt32, nonce: UInt64, zeros: Int, hashesDone: UInt64) {
    self.handle = handle
    self.blockIndex = blockIndex
    self.nonce = nonce
    self.zeros = zeros
    self.hashesDone = hashesDone
  }
}

/// The agent stopped with an assignment.
package struct WorkDone: Sendable, Hashable {
  package var handle: UInt64
  package var blockIndex: UInt32
  package var hashesDone: UInt64

  package init(handle: UInt64, blockIndex: UInt32, hashesDone: UInt64) {
    self.handle = handle
    self.blockIndex = blockIndex
    self.hashesDone = hashesDone
  }
}

/// What an agent sends on Work.Nonces.
package enum NonceReport: RPCMessage, Hashable {
  case found(NonceFound)
  case done(WorkDone)
  /// The set of this version was delivered and is being worked on.
  case adopted(version: UInt64)

  package init(unpacking bytes: [UInt8]) throws(MessageError) {
    self = try CMessage.read(
      bytes, max: MessageLimits.small, kalepool_message_nonce_report(),
      kalepool__v1__nonce_report__unpack, kalepool__v1__nonce_report__free_unpacked
    ) { (m) throws(MessageError) in
      switch m.body_case {
      case KALEPOOL__V1__NONCE_REPORT__BODY_FOUND:
        let found = m.found.pointee
        guard found.zeros <= 64 else { throw MessageError("zeros \(found.zeros)") }
        return .found(
          NonceFound(
            handle: found.handle, blockIndex: found.block_index, nonce: found.nonce,
            zeros: Int(found.zeros), hashesDone: found.hashes_done))
      case KALEPOOL__V1__NONCE_REPORT__BODY_DONE:
        let done = m.done.pointee
        return .done(
          WorkDone(
            handle: done.handle, blockIndex: done.block_index, hashesDone: done.hashes_done))
      case KALEPOOL__V1__NONCE_REPORT__BODY_ADOPTED:
        return .adopted(version: m.adopted.pointee.version)
      default: throw MessageError("a NonceReport that says nothing")
      }
    }
  }

  package func pack() -> [UInt8] {
    var m = Kalepool__V1__NonceReport()
    kalepool__v1__nonce_report__init(&m)
    func packed() -> [UInt8] {
      CMessage.pack(
        &m, kalepool__v1__nonce_report__get_packed_size, kalepool__v1__nonce_report__pack)
    }
    switch self {
    case .found(let found):
      var inner = Kalepool__V1__NonceFound()
      kalepool__v1__nonce_found__init(&inner)
      inner.handle = found.handle
      inner.block_index = found.blockIndex
      inner.nonce = found.nonce
      inner.zeros = UInt32(found.zeros)
      inner.hashes_done = found.hashesDone
      return withUnsafeMutablePointer(to: &inner) {
        m.body_case = KALEPOOL__V1__NONCE_REPORT__BODY_FOUND
        m.found = $0
        return packed()
      }
    case .done(let done):
      var inner = Kalepool__V1__WorkDone()
      kalepool__v1__work_done__init(&inner)
      inner.handle = done.handle
      inner.block_index = done.blockIndex
      inner.hashes_done = done.hashesDone
      return withUnsafeMutablePointer(to: &inner) {
        m.body_case = KALEPOOL__V1__NONCE_REPORT__BODY_DONE
        m.done = $0
        return packed()
      }
    case .adopted(let version):
      var inner = Kalepool__V1__SetAdopted()
      kalepool__v1__set_adopted__init(&inner)
      inner.version = version
      return withUnsafeMutablePointer(to: &inner) {
        m.body_case = KALEPOOL__V1__NONCE_REPORT__BODY_ADOPTED
        m.adopted = $0
        return packed()
      }
    }
  }
}

package enum NonceVerdict: UInt32, Sendable, Hashable {
  /// Of a later version, or left out.
  case unspecified = 0
  case accepted = 1
  /// For another block, or an assignment that is no longer this agent's.
  case stale = 2
  /// Fewer zeros than reported.
  case invalid = 3
  case notBetter = 4
}

/// What became of one nonce.
package struct NonceAck: RPCMessage, Hashable {
  package var handle: UInt64
  package var blockIndex: UInt32
  package var nonce: UInt64
  package var verdict: NonceVerdict
  /// As the coordinator counted.
  package var zeros: Int

  package init(
    handle: UInt64, blockIndex: UInt32, nonce: UInt64, verdict: NonceVerdict, zeros: Int
  ) {
    self.handle = handle
    self.blockIndex = blockIndex
    self.nonce = nonce
    self.verdict = verdict
    self.zeros = zeros
  }

  package init(unpacking bytes: [UInt8]) throws(MessageError) {
    self = try CMessage.read(
      bytes, max: MessageLimits.small, kalepool_message_nonce_ack(),
      kalepool__v1__nonce_ack__unpack, kalepool__v1__nonce_ack__free_unpacked
    ) { (m) throws(MessageError) in
      guard m.zeros <= 64 else { throw MessageError("zeros \(m.zeros)") }
      return NonceAck(
        handle: m.handle, blockIndex: m.block_index, nonce: m.nonce,
        verdict: NonceVerdict(rawValue: UInt32(truncatingIfNeeded: m.verdict.rawValue))
          ?? .unspecified,
        zeros: Int(m.zeros))
    }
  }

  package func pack() -> [UInt8] {
    var m = Kalepool__V1__NonceAck()
    kalepool__v1__nonce_ack__init(&m)
    m.handle = handle
    m.block_index = blockIndex
    m.nonce = nonce
    m.verdict = Kalepool__V1__NonceVerdict(rawValue: .init(verdict.rawValue))
    m.zeros = UInt32(zeros)
    return CMessage.pack(
      &m, kalepool__v1__nonce_ack__get_packed_size, kalepool__v1__nonce_ack__pack)
  }
}
