import Glibc

/// An address of 127.0.0.0/8 to come from: to a server each is another peer.
package struct LoopbackAddress: Sendable, Hashable {
  private let number: UInt32

  /// 127.0.0.1
  package static let first = LoopbackAddress(number: 0x7F00_0001)

  private init(number: UInt32) { self.number = number }

  /// One of 60,000, each in a network (/24) of its own: 127.1.0.1, 127.1.1.1, …
  package init(network index: Int) {
    precondition((0..<60_000).contains(index))
    number = 0x7F01_0001 + UInt32(index) << 8
  }

  /// A socket bound to it; -1 where the machine has no more.
  func openSocket() -> CInt {
    let socket = Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    guard socket >= 0 else { return -1 }
    // The port is chosen when it connects: else each would need one that nobody has.
    var yes: CInt = 1
    setsockopt(
      socket, CInt(IPPROTO_IP), IP_BIND_ADDRESS_NO_PORT, &yes,
      socklen_t(MemoryLayout<CInt>.size))
    let status = Self.with(number, port: 0) { bind(socket, $0, $1) }
    guard status == 0 else {
      close(socket)
      return -1
    }
    return socket
  }

  /// To a server that listens on 127.0.0.1.
  static func connect(_ socket: CInt, port: Int) -> CInt {
    with(first.number, port: port) { Glibc.connect(socket, $0, $1) }
  }

  private static func with(
    _ number: UInt32, port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> CInt
  ) -> CInt {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = number.bigEndian
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, size) }
    }
  }
}
