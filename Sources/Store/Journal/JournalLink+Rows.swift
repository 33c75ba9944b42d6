import Bytes
import Postgres

extension JournalLink {
  static let select =
    "SELECT link, epoch, first, last, recorded_at, head FROM journal_links"
  static let newestSQL = select + " ORDER BY link DESC LIMIT 1"

  init(_ row: PostgresRow) throws(PostgresError) {
    guard let head = Bytes32(try row.bytes(5)) else {
      throw PostgresError(.unexpectedValue, "a head is not of 32 bytes")
    }
    self.init(
      number: try row.int(0), epoch: try row.int(1), first: try row.int(2), last: try row.int(3),
      recordedAt: try row.timestamp(4), head: head)
  }

  var insertion: PostgresStatement {
    PostgresStatement(
      """
      INSERT INTO journal_links (link, epoch, first, last, recorded_at, head)
      VALUES ($1, $2, $3, $4, $5, $6)
      """,
      [
        .int(number), .int(epoch), .int(first), .int(last), .timestamp(recordedAt),
        .bytes(head.bytes),
      ], isReused: true)
  }
}

extension JournalSeal {
  /// Signs the link and stores the signature.
  func insertion(_ link: JournalLink) -> PostgresStatement {
    PostgresStatement(
      "INSERT INTO journal_checkpoints (link, head, key, signature) VALUES ($1, $2, $3, $4)",
      [.int(link.number), .bytes(link.head.bytes), .bytes(publicKey.bytes), .bytes(sign(link))],
      isReused: true)
  }
}
