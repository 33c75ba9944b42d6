import Glibc
import NIOCore

extension NIOBSDSocket.Option {
  /// How long sent bytes may stay unacknowledged, ms.
  static var userTimeout: NIOBSDSocket.Option {
    NIOBSDSocket.Option(rawValue: CInt(TCP_USER_TIMEOUT))
  }
}
