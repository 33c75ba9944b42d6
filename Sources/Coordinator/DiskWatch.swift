import Glibc
import Logging
import ServiceLifecycle

/// Stops planting while the private database's disk is nearly full, so that what is planted can
/// still be worked, harvested and paid out.
struct DiskWatch: Service {
  let engine: PoolEngine
  /// A folder on the disk.
  let folder: String
  let reserveBytes: Int64
  let log: Logger

  private static let interval = Duration.seconds(2)
  static let hold = "the pool's disk is nearly full"

  func run() async throws {
    try await untilStopped {
      var isLow = false
      while true {
        if let free = Self.freeBytes(folder), isLow != isBelow(free, isLow) {
          isLow.toggle()
          await engine.holdPlanting(isLow ? Self.hold : nil)
          if isLow {
            log.critical(
              "the disk is nearly full: nothing is planted until there is room; harvests go on",
              metadata: ["folder": "\(folder)", "free": "\(free)", "reserve": "\(reserveBytes)"])
          } else {
            log.notice("there is room on the disk: planting goes on", metadata: ["free": "\(free)"])
          }
        }
        try await Task.sleep(for: Self.interval)
      }
    }
  }

  /// Planting begins again with a quarter more than it ended with, so that it does not flutter.
  private func isBelow(_ free: Int64, _ isLow: Bool) -> Bool {
    free < (isLow ? reserveBytes + reserveBytes / 4 : reserveBytes)
  }

  /// What a process without privileges may still write; nil: it cannot be told.
  private static func freeBytes(_ folder: String) -> Int64? {
    var status = statvfs()
    guard statvfs(folder, &status) == 0 else { return nil }
    return Int64(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))
  }
}
