import FramedRPC
import SecureChannel

extension FuzzTarget {
  /// A script of records: honest ones must open to what was sealed, all others must be refused.
  static let record = FuzzTarget(
    "record",
    seeds: {
      let ping: [UInt8] = [6, 0, 0, 0, 0, 0, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8]
      let data: [UInt8] = [2, 2, 0, 0, 0, 1, 0, 3, 9, 9, 9]
      return [
        [0, 16] + ping, [8, 11] + data + [0, 16] + ping, [0, 16] + ping + [1, 16, 3] + ping,
        [2, 11] + data, [3, 11] + data, [0, 8] + ping.prefix(8) + [4, 11] + data,
        [0, 16] + ping + [5, 16] + ping, [6, 200] + data + ping, [7, 40] + ping,
        [0, 24] + data + [UInt8](repeating: 0, count: 13),
      ]
    },
    run: { input in
      let key = [UInt8](repeating: 7, count: 32)
      var cursor = Cursor(input)
      var sealer = RecordSealer(key: key, direction: .agentToServer)
      var opener = RecordOpener(key: key, direction: .agentToServer)
      var before: ArraySlice<UInt8> = []
      var records = 0
      while !cursor.isAtEnd, records < 8 {
        records += 1
        let command = cursor.byte()
        var plain = cursor.bytes(Int(cursor.byte()))
        while plain.count < RecordLimits.plainBytesMin { plain.append(0) }
        let rekeys = command & 8 != 0
        if command & 16 != 0 { Padding.pad(&plain) }
        let honest = sealer.seal(plain, rekeys: rekeys)[2...]
        var box = honest
        switch command & 7 {
        case 0: break
        case 1: box[box.startIndex + cursor.number() % box.count] ^= 1 << (cursor.byte() & 7)
        case 2: box = box.dropLast(1 + Int(cursor.byte()) % box.count)
        case 3: box.append(cursor.byte())
        case 4: box = before
        case 5:
          var other = RecordSealer(key: key, direction: .serverToAgent)
          box = other.seal(plain)[2...]
        case 6: box = cursor.all()[...]
        default:
          // One was lost.
          box = sealer.seal(plain)[2...]
        }
        guard let opened = try? opener.open(box) else {
          precondition(box != honest, "an honest record was refused")
          return
        }
        precondition(box == honest && opened == plain, "a record of nobody was taken")
        if rekeys { opener.rekey() }
        precondition(opener.epoch == sealer.epoch && opener.counter == sealer.counter)
        before = honest
        var reader = FrameReader(opened)
        var bytes = 0
        while let frame = try? reader.next() {
          bytes += RPCLimits.frameHeaderBytes + frame.payload.count
        }
        precondition(bytes <= opened.count)
      }
    })
}
