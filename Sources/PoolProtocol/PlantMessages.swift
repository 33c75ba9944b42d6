import CPoolProtos
package import FramedRPC

/// "Plant for all my farmers in this block."
package struct PlantRequest: RPCMessage, Hashable {
  package var blockIndex: UInt32

  package init(blockIndex: UInt32) { self.blockIndex = blockIndex }

  package init(unpacking bytes: [UInt8]) throws(MessageError) {
    self = try CMessage.read(
      bytes, max: MessageLimits.small, kalepool_message_plant_request(),
      kalepool__v1__plant_request__unpack, kalepool__v1__plant_request__free_unpacked
    ) { (m) throws(MessageError) in PlantRequest(blockIndex: m.block_index) }
  }

  package func pack() -> [UInt8] {
    var m = Kalepool__V1__PlantRequest()
    kalepool__v1__plant_request__init(&m)
    m.block_index = blockIndex
    return CMessage.pack(
      &m, kalepool__v1__plant_request__get_packed_size, kalepool__v1__plant_request__pack)
  }
}

package struct PlantReply: RPCMessage, Hashable {
  package var blockIndex: UInt32
  /// How many will be planted for.
  package var farmers: UInt32
  /// The request had been made before.
  package var already: Bool

  package init(blockIndex: UInt32, farmers: UInt32, already: Bool) {
    self.blockIndex = blockIndex
    self.farmers = farmers
    self.already = already
  }

  package init(unpacking bytes: [UInt8]) throws(MessageError) {
    self = try CMessage.read(
      bytes, max: MessageLimits.small, kalepool_message_plant_reply(),
      kalepool__v1__plant_reply__unpack, kalepool__v1__plant_reply__free_unpacked
    ) { (m) throws(MessageError) in
      PlantReply(blockIndex: m.block_index, farmers: m.farmers, already: m.already != 0)
    }
  }

  package func pack() -> [UInt8] {
    var m = Kalepool__V1__PlantReply()
    kalepool__v1__plant_reply__init(&m)
    m.block_index = blockIndex
    m.farmers = farmers
    m.already = already ? 1 : 0
    return CMessage.pack(
      &m, kalepool__v1__plant_reply__get_packed_size, kalepool__v1__plant_reply__pack)
  }
}
