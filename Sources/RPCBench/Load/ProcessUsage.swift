import Glibc

/// CPU time and memory of a process, by /proc. Zero where the process is gone.
package struct ProcessUsage: Sendable {
  package let cpuSeconds: Double
  /// Resident memory that no file stands behind.
  package let memoryBytes: Int
  /// The most resident memory it ever had, files included.
  package let peakResidentBytes: Int

  package init(of process: Int32) {
    cpuSeconds = Self.seconds(of: process, fields: 11...12)
    let status = Self.read("/proc/\(process)/status").split(separator: "\n")
    func bytes(_ field: String) -> Int {
      let line = status.first { $0.hasPrefix(field) } ?? ""
      return (line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0)
        * 1_024
    }
    memoryBytes = bytes("RssAnon:")
    peakResidentBytes = bytes("VmHWM:")
  }

  /// CPU time of a process's children that have ended and that it has waited for.
  package static func endedChildren(of process: Int32) -> Double {
    seconds(of: process, fields: 13...14)
  }

  /// Fields of /proc/PID/stat behind the name, whose parentheses may hold spaces.
  private static func seconds(of process: Int32, fields: ClosedRange<Int>) -> Double {
    let stat = read("/proc/\(process)/stat").split(separator: ")").last ?? ""
    let all = stat.split(separator: " ")
    guard all.count > fields.upperBound else { return 0 }
    return all[fields].reduce(0) { $0 + (Double($1) ?? 0) } / Double(sysconf(Int32(_SC_CLK_TCK)))
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
