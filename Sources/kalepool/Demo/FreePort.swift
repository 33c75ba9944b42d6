import Foundation

/// TCP ports of 127.0.0.1.
enum FreePort {
  /// A port that nobody listens on now.
  static func find() throws -> Int {
    guard let port = bind(0) else {
      throw CommandFailure("no port of 127.0.0.1 is free: end some program that listens")
    }
    return port
  }

  static func isFree(_ port: Int) -> Bool { bind(port) != nil }

  /// Takes `port` (0: any) for a moment and gives its number; nil: it cannot be had.
  private static func bind(_ port: Int) -> Int? {
    let handle = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard handle >= 0 else { return nil }
    defer { close(handle) }
    // As servers do: a port whose last connections are fading away may be taken.
    var yes: Int32 = 1
    setsockopt(handle, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    return withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        guard Foundation.bind(handle, pointer, length) == 0, listen(handle, 1) == 0,
          getsockname(handle, pointer, &length) == 0
        else { return nil }
        return pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
          Int(UInt16(bigEndian: $0.pointee.sin_port))
        }
      }
    }
  }
}
