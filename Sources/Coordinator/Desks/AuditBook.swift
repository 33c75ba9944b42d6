import Bridge
import Synchronization

/// The last comparison of the books with the chain, for the console and the metrics.
package final class AuditBook: Sendable {
  private let report = Mutex<API.AuditReport?>(nil)

  package init() {}

  var last: API.AuditReport? { report.withLock { $0 } }

  func keep(_ new: API.AuditReport) { report.withLock { $0 = new } }
}
