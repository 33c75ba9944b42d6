/// The first eight bytes of every box nonce: what the box is for.
enum BoxLabel: String {
  case hello = "FSP1HELO"
  case welcome = "FSP1WELC"
  case vouch = "FSP1VOUC"
  case token = "FSP1TOKN"
  case initiate = "FSP1INIT"
  case ready = "FSP1REDY"
  case rotation = "FSP1ROTA"
  case agentToServer = "FSP1-C2S"
  case serverToAgent = "FSP1-S2C"

  /// The nonce of this label with a tail of 16 bytes, zero where the box is made once a key.
  func nonce(_ tail: some Collection<UInt8> = [UInt8](repeating: 0, count: 16)) -> [UInt8] {
    precondition(tail.count == 16)
    return Array(rawValue.utf8) + tail
  }

  /// The nonce of a record.
  func nonce(epoch: UInt32, counter: UInt64) -> [UInt8] {
    var bytes = Array(rawValue.utf8)
    bytes.reserveCapacity(24)
    bytes.append(bigEndian: epoch)
    bytes.append(bigEndian: UInt32(0))
    bytes.append(bigEndian: counter)
    return bytes
  }
}
