import Foundation
import Hummingbird
import NIOCore

extension Response {
  static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) -> Response {
    bytes(jsonBytes(value), type: "application/json", status: status)
  }

  static func text(
    _ text: String, type: String = "text/plain; charset=utf-8",
    status: HTTPResponse.Status = .ok
  ) -> Response {
    bytes([UInt8](text.utf8), type: type, status: status)
  }

  static func bytes(_ bytes: [UInt8], type: String, status: HTTPResponse.Status = .ok) -> Response {
    Response(
      status: status, headers: [.contentType: type],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  static var noContent: Response { Response(status: .noContent) }

  /// With these header fields set.
  func with(_ fields: HTTPFields) -> Response {
    var response = self
    for field in fields { response.headers[field.name] = field.value }
    return response
  }

  /// Sorted keys, so that the same value is the same bytes.
  static func jsonBytes(_ value: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return [UInt8](try encoder.encode(value))
    } catch {
      preconditionFailure("one of our own values cannot be JSON: \(error)")
    }
  }
}
