package import Pool

/// An event as the journal holds it.
package struct StoredEvent: Sendable {
  /// 1 for the first event ever; each one higher than the one before, without gaps.
  package var position: Int64
  /// When it was recorded, by the database's clock: microseconds since 1970-01-01 UTC.
  package var recordedAt: Int64
  package var event: any PoolEvent
}
