import Foundation
import Hummingbird
import Logging
import NIOCore

/// What Hummingbird tells about the connection of a request.
struct BridgeRequestContext: InitializableFromSource {
  private let address: String?
  let requestID: String

  init(source: ApplicationRequestContextSource) {
    address = source.channel.remoteAddress?.ipAddress
    requestID = source.logger[metadataKey: "hb.request.id"]?.description ?? "unknown"
  }

  /// The client's address, nil for a direct connection from this machine.
  ///
  /// Behind our own proxy it is the last entry of `X-Forwarded-For`, which the proxy appended; the
  /// entries before it are the client's own words.
  func remoteAddress(of request: Request, trustsProxy: Bool) -> String? {
    if trustsProxy {
      let forwarded = request.headers.forwardedFor?.split(separator: ",").last
      return forwarded.map { String($0).trimmingBlanks } ?? address ?? "unknown"
    }
    guard let address else { return "unknown" }
    return ["127.0.0.1", "::1"].contains(address) ? nil : address
  }
}
