package import Bytes
import Sodium

/// One commit to the journal: a run of events, chained to the commit before by its head.
package struct JournalLink: Sendable, Hashable {
  /// 1 for the first, without gaps.
  package var number: Int64
  /// Of the lease under which it was written: whoever takes over has a higher one.
  package var epoch: Int64
  /// Positions of its events.
  package var first: Int64
  package var last: Int64
  /// By the database's clock: microseconds since 1970-01-01 UTC; rises from link to link.
  package var recordedAt: Int64
  /// BLAKE2b-256 over the head before and all that the link holds.
  package var head: Bytes32

  /// What comes before the first.
  static let beginning = JournalLink(
    number: 0, epoch: 0, first: 0, last: 0, recordedAt: 0, head: .zero)

  private static let context = Array("kalepool journal link 1".utf8)

  /// The link after `previous` that holds these events.
  init(
    after previous: JournalLink, epoch: Int64, last: Int64, recordedAt: Int64,
    _ bytes: JournalBytes
  ) {
    number = previous.number + 1
    first = previous.last + 1
    self.epoch = epoch
    self.last = last
    self.recordedAt = recordedAt
    var message = Self.context
    message.reserveCapacity(128 + bytes.events.count + bytes.postings.count)
    message += previous.head.bytes
    for value in [number, epoch, first, last, recordedAt, Int64(bytes.events.count)] {
      JournalBytes.append(value, to: &message)
    }
    message += bytes.events
    message += bytes.postings
    head = Bytes32(Blake2b.hash(message))!  // 32 bytes by default
  }

  init(
    number: Int64, epoch: Int64, first: Int64, last: Int64, recordedAt: Int64, head: Bytes32
  ) {
    self.number = number
    self.epoch = epoch
    self.first = first
    self.last = last
    self.recordedAt = recordedAt
    self.head = head
  }
}
