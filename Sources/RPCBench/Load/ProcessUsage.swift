import Glibc

/// CPU time and memory of a process, by /proc. Zero where the process is gone.
package struct ProcessUsage: Sendable {
  package let cpuSeconds: Double
  /// Resident memory that no file stands behind.
  package let memoryBytes: Int

  package init(of process: Int32) {
    // The name in parentheses may hold spaces; the fields are counted from behind it.
    let stat = Self.read("/proc/\(process)/stat").split(separator: ")").last ?? ""
    let fields = stat.split(separator: " ")
    let ticks = fields.count > 12 ? (Double(fields[11]) ?? 0) + (Double(fields[12]) ?? 0) : 0
    cpuSeconds = ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    var kibibytes = 0
    for line in Self.read("/proc/\(process)/status").split(separator: "\n")
    where line.hasPrefix("RssAnon:") {
      kibibytes = line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    }
    memoryBytes = kibibytes * 1_024
  }

  private static func read(_ path: String) -> String {
    guard let file = fopen(path, "r") else { return "" }
    defer { fclose(file) }
    let bytes = [UInt8](unsafeUninitializedCapacity: 16_384) { buffer, count in
      count = fread(buffer.baseAddress, 1, buffer.count, file)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
