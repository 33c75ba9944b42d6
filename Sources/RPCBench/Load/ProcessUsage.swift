import Glibc

/// CPU time and memory of a process, by /proc. Zero where the process is gone.
package struct ProcessUsage: Sendable {
  package let cpuSeconds: Double
  /// Resident memory that no file stands behind.
  package let memoryBytes: Int
  /// The most resident memory it ever had, files included.
  package let peakResidentBytes: Int

  package init(of process: Int32) {
    // The name in parentheses may hold spaces; the fields are counted from behind it.
    let stat = Self.read("/proc/\(process)/stat").split(separator: ")").last ?? ""
    let fields = stat.split(separator: " ")
    let ticks = fields.count > 12 ? (Double(fields[11]) ?? 0) + (Double(fields[12]) ?? 0) : 0
    cpuSeconds = ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    let status = Self.read("/proc/\(process)/status").split(separator: "\n")
    func bytes(_ field: String) -> Int {
      let line = status.first { $0.hasPrefix(field) } ?? ""
      return (line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0)
        * 1_024
    }
    memoryBytes = bytes("RssAnon:")
    peakResidentBytes = bytes("VmHWM:")
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
