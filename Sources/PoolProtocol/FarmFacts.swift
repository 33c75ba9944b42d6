import CPoolProtos
package import FramedRPC

package struct FactsRequest: RPCMessage, Hashable {
  package init() {}

  package init(unpacking bytes: [UInt8]) throws(MessageError) {
    self = try CMessage.read(
      bytes, max: MessageLimits.small, kalepool_message_facts_request(),
      kalepool__v1__facts_request__unpack,
      kalepool__v1__facts_request__free_unpacked
    ) { (_) throws(MessageError) in FactsRequest() }
  }

  package func pack() -> [UInt8] { [] }
}

/// The chain as the coordinator sees it: the agent has no access of its own.
package struct FarmFacts: RPCMessage, Hashable {
  package var ledgerSequence: UInt32
  package var ledgerCloseTimeS: UInt64
  /// The block that is open now.
  package var blockIndex: UInt32
  package var blockOpenedAtS: UInt64
  /// How long a block stays open, ledger time.
  package var blockSeconds: UInt32
  /// Wall-clock time between two ledgers.
  package var ledgerIntervalMs: UInt32
  /// Wall-clock time until the next block may open, estimated; 0 when it may already.
  package var nextOpenInMs: UInt32
  /// Plant requests are taken.
  package var accepting: Bool

  package init(
    ledgerSequence: UInt32, ledgerCloseTimeS: UInt64, blockIndex: UInt32, blockOpenedAtS: UInt64,
    blockSeconds: UInt32, ledgerIntervalMs: UInt32, nextOpenInMs: UInt32, accepting: Bool
  ) {
    self.ledgerSequence = ledgerSequence
    self.ledgerCloseTimeS = ledgerCloseTimeS
    self.blockIndex = blockIndex
    self.blockOpenedAtS = blockOpenedAtS
    self.blockSeconds = blockSeconds
    self.ledgerIntervalMs = ledgerIntervalMs
    self.nextOpenInMs = nextOpenInMs
    self.accepting = accepting
  }

  package init(unpacking bytes: [UInt8]) throws(MessageError) {
    self = try CMessage.read(
      bytes, max: MessageLimits.small, kalepool_message_farm_facts(),
      kalepool__v1__farm_facts__unpack,
      kalepool__v1__farm_facts__free_unpacked
    ) { (m) throws(MessageError) in
      FarmFacts(
        ledgerSequence: m.ledger_sequence, ledgerCloseTimeS: m.ledger_close_time_s,
        blockIndex: m.block_index, blockOpenedAtS: m.block_opened_at_s,
        blockSeconds: m.block_seconds, ledgerIntervalMs: m.ledger_interval_ms,
        nextOpenInMs: m.next_open_in_ms, accepting: m.accepting != 0)
    }
  }

  package func pack() -> [UInt8] {
    var m = Kalepool__V1__FarmFacts()
    kalepool__v1__farm_facts__init(&m)
    m.ledger_sequence = ledgerSequence
    m.ledger_close_time_s = ledgerCloseTimeS
    m.block_index = blockIndex
    m.block_opened_at_s = blockOpenedAtS
    m.block_seconds = blockSeconds
    m.ledger_interval_ms = ledgerIntervalMs
    m.next_open_in_ms = nextOpenInMs
    m.accepting = accepting ? 1 : 0
    return CMessage.pack(
      &m, kalepool__v1__farm_facts__get_packed_size, kalepool__v1__farm_facts__pack)
  }
}
