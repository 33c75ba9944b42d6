extension RPCConnection {
  /// The next record's plain text, not padded, or nil when there is nothing to say.
  ///
  /// - Parameter head: bytes of room to leave before it.
  package mutating func nextPlain(head: Int = 0) -> Plain? {
    guard !isClosed else { return nil }
    guard hasSomethingToSay else { return nil }
    var plain = [UInt8](repeating: 0, count: head)
    // REKEY or CLOSE must have its place at the end.
    let tail = closing.map { RPCLimits.frameHeaderBytes + $0.count } ?? RPCLimits.frameHeaderBytes
    let space = head + RPCLimits.plainBytesMax - tail
    takeControl(into: &plain, space: space)
    let isMoreThanCredit = plain.count > head || !ready.isEmpty || wantsRekey || closing != nil
    if isMoreThanCredit || creditIsDue { takeCredit(into: &plain, space: space) }
    takeReady(into: &plain, head: head, space: space)
    if let closing, ready.isEmpty, control.isEmpty {
      Frame(.close, payload: closing[...]).append(to: &plain)
      isClosed = true
      return Plain(bytes: plain, rekeys: false, closes: true)
    }
    let rekeys = wantsRekey && control.isEmpty
    if rekeys {
      Frame(.rekey).append(to: &plain)
      wantsRekey = false
    }
    return plain.count == head ? nil : Plain(bytes: plain, rekeys: rekeys, closes: false)
  }

  /// False is sure; asked first, since most looks find nothing.
  private var hasSomethingToSay: Bool {
    !ready.isEmpty || !control.isEmpty || wantsRekey || closing != nil || creditToGive > 0
      || !streamsToCredit.isEmpty
  }

  /// Whether credit must go out though nothing else does.
  ///
  /// It may be held back only while the peer surely has enough for its largest message, or both
  /// sides would wait.
  private var creditIsDue: Bool {
    if creditToGive > 0, ungivenBytes > terms.connectionCreditBytes / 4 { return true }
    return streamsToCredit.contains { id in
      guard let at = streams.index(forKey: id) else { return false }
      return streams.values[at].creditIsDue(terms)
    }
  }

  private mutating func takeControl(into plain: inout [UInt8], space: Int) {
    guard !control.isEmpty else { return }
    // Whole frames only; a flood of them is bounded by the peer's limit on control frames.
    var at = 0
    while at < control.count {
      let count = Int(control.bigEndian(at: at + 6) as UInt16) + RPCLimits.frameHeaderBytes
      guard plain.count + count <= space else { break }
      plain += control[at..<at + count]
      at += count
    }
    control.removeFirst(at)
  }

  private mutating func takeCredit(into plain: inout [UInt8], space: Int) {
    let size = RPCLimits.frameHeaderBytes + 4
    if creditToGive > 0, plain.count + size <= space {
      appendCredit(stream: 0, creditToGive, to: &plain)
      ungivenBytes -= creditToGive
      precondition(ungivenBytes >= 0, "credit given back twice")
      creditToGive = 0
    }
    for id in streamsToCredit.sorted() {
      guard var stream = streams[id], stream.taken.messages > 0 else {
        streamsToCredit.remove(id)
        continue
      }
      guard plain.count + size <= space else { return }
      if !stream.inputEnded { appendCredit(stream: id, stream.taken.messages, to: &plain) }
      stream.ungivenMessages -= stream.taken.messages
      stream.ungivenBytes -= stream.taken.bytes
      stream.taken = (0, 0)
      streams[id] = stream
      streamsToCredit.remove(id)
    }
  }

  private func appendCredit(stream: UInt32, _ count: Int, to plain: inout [UInt8]) {
    var payload: [UInt8] = []
    payload.append(bigEndian: UInt32(count))
    Frame(.credit, stream: stream, payload: payload[...]).append(to: &plain)
  }

  /// The first message may fill the record; others share ``RPCLimits/sharedPlainBytesMax``.
  private mutating func takeReady(into plain: inout [UInt8], head: Int, space: Int) {
    let shared = min(space, head + RPCLimits.sharedPlainBytesMax)
    let begin = plain.count
    while let output = ready.first {
      let left = (plain.count == begin ? space : shared) - plain.count
      switch output {
      case .frame(_, let bytes):
        guard bytes.count <= left else { return }
        plain += bytes
        _ = ready.removeFirst()
      case .data(let id, let message, let offset):
        let rest = message.bytes.count - offset
        if rest + RPCLimits.frameHeaderBytes <= left {
          let payload = message.bytes[offset...]
          Frame(.data, flags: message.isLast ? Frame.last : 0, stream: id, payload: payload)
            .append(to: &plain)
          dataFramesSent += 1
          _ = ready.removeFirst()
        } else {
          let part = left - RPCLimits.frameHeaderBytes
          // A short part at a record's end is not worth its header.
          guard part >= 1_024 else { return }
          let end = offset + part
          Frame(.data, flags: Frame.more, stream: id, payload: message.bytes[offset..<end])
            .append(to: &plain)
          dataFramesSent += 1
          ready.replaceFirst(.data(stream: id, message: message, offset: end))
          return
        }
      }
    }
  }
}
