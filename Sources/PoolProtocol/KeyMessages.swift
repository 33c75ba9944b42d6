package import Bytes
import CPoolProtos
import CProtobufC
package import FramedRPC

/// An agent names its next key.
package struct RotateKeyRequest: RPCMessage, Hashable {
  /// The rotation proof of PROTOCOL.md.
  package var proof: [UInt8]

  package init(proof: [UInt8]) { self.proof = proof }

  package init(unpacking bytes: [UInt8]) throws(MessageError) {
    self = try CMessage.read(
      bytes, max: MessageLimits.small, kalepool_message_rotate_key_request(),
      kalepool__v1__rotate_key_request__unpack, kalepool__v1__rotate_key_request__free_unpacked
    ) { (m) throws(MessageError) in
      guard m.proof.len == 128 else {
        throw MessageError("RotateKeyRequest with a proof of \(m.proof.len) bytes")
      }
      return RotateKeyRequest(proof: m.proof.array)
    }
  }

  package func pack() -> [UInt8] {
    var proof = proof
    return proof.withUnsafeMutableBufferPointer { proof in
      var m = Kalepool__V1__RotateKeyRequest()
      kalepool__v1__rotate_key_request__init(&m)
      m.proof = ProtobufCBinaryData(len: proof.count, data: proof.baseAddress)
      return CMessage.pack(
        &m, kalepool__v1__rotate_key_request__get_packed_size,
        kalepool__v1__rotate_key_request__pack)
    }
  }
}

package struct RotateKeyReply: RPCMessage, Hashable {
  /// Unix seconds until which the next key must have been used for the first time.
  package var expiresAtS: UInt64

  package init(expiresAtS: UInt64) { self.expiresAtS = expiresAtS }

  package init(unpacking bytes: [UInt8]) throws(MessageError) {
    self = try CMessage.read(
      bytes, max: MessageLimits.small, kalepool_message_rotate_key_reply(),
      kalepool__v1__rotate_key_reply__unpack,
      kalepool__v1__rotate_key_reply__free_unpacked
    ) { (m) throws(MessageError) in RotateKeyReply(expiresAtS: m.expires_at_s) }
  }

  package func pack() -> [UInt8] {
    var m = Kalepool__V1__RotateKeyReply()
    kalepool__v1__rotate_key_reply__init(&m)
    m.expires_at_s = expiresAtS
    return CMessage.pack(
      &m, kalepool__v1__rotate_key_reply__get_packed_size, kalepool__v1__rotate_key_reply__pack)
  }
}

package struct ServerKeysRequest: RPCMessage, Hashable {
  package init() {}

  package init(unpacking bytes: [UInt8]) throws(MessageError) {
    self = try CMessage.read(
      bytes, max: MessageLimits.small, kalepool_message_server_keys_request(),
      kalepool__v1__server_keys_request__unpack, kalepool__v1__server_keys_request__free_unpacked
    ) { (_) throws(MessageError) in ServerKeysRequest() }
  }

  package func pack() -> [UInt8] { [] }
}

/// What an agent should pin: the key in use, then the one that is to follow it.
package struct ServerKeysReply: RPCMessage, Hashable {
  /// A server holds one, or two while a new one is being introduced.
  package static let keysMax = 2

  package var keys: [Bytes32]

  package init(keys: [Bytes32]) { self.keys = keys }

  package init(unpacking bytes: [UInt8]) throws(MessageError) {
    self = try CMessage.read(
      bytes, max: MessageLimits.small, kalepool_message_server_keys_reply(),
      kalepool__v1__server_keys_reply__unpack,
      kalepool__v1__server_keys_reply__free_unpacked
    ) { (m) throws(MessageError) in
      guard (1...Self.keysMax).contains(m.n_keys) else {
        throw MessageError("ServerKeysReply with \(m.n_keys) keys")
      }
      var keys: [Bytes32] = []
      for at in 0..<m.n_keys {
        guard let key = Bytes32(m.keys[at].array) else {
          throw MessageError("a server key that has not 32 bytes")
        }
        keys.append(key)
      }
      return ServerKeysReply(keys: keys)
    }
  }

  package func pack() -> [UInt8] {
    precondition((1...Self.keysMax).contains(keys.count))
    var bytes = keys.flatMap(\.bytes)
    return bytes.withUnsafeMutableBufferPointer { bytes in
      var items = keys.indices.map { at in
        ProtobufCBinaryData(len: 32, data: bytes.baseAddress.map { $0 + at * 32 })
      }
      return items.withUnsafeMutableBufferPointer { items in
        var m = Kalepool__V1__ServerKeysReply()
        kalepool__v1__server_keys_reply__init(&m)
        m.n_keys = items.count
        m.keys = items.baseAddress
        return CMessage.pack(
          &m, kalepool__v1__server_keys_reply__get_packed_size,
          kalepool__v1__server_keys_reply__pack)
      }
    }
  }
}
