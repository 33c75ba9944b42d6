import Foundation

/// The programs of this package, which are installed beside each other.
enum Executable {
  /// This one.
  static var kalepool: String { get throws { try beside("kalepool") } }
  static var agent: String { get throws { try beside("kalepool-agent") } }

  private static func beside(_ name: String) throws -> String {
    let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let path = (own as NSString).deletingLastPathComponent + "/" + name
    guard access(path, X_OK) == 0 else {
      throw CommandFailure("\(path) is missing: build it with `swift build --product \(name)`")
    }
    return path
  }
}
