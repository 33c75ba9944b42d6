import Foundation
import Glibc
import Synchronization

/// A small HTTP/1.1 server for tests: a thread a connection, keep-alive, bodies by length.
final class TestServer: Sendable {
  struct Request: Sendable {
    var method: String
    var path: String
    var headers: [String: String]
    var body: [UInt8]
  }

  enum Answer: Sendable {
    case response(status: Int, headers: [(String, String)] = [], body: [UInt8])
    /// Closes the connection without a word.
    case hangUp
    /// Promises more than it sends, then closes.
    case cutOff

    static func text(_ text: String, status: Int = 200) -> Answer {
      .response(status: status, body: Array(text.utf8))
    }
  }

  typealias Handler = @Sendable (Request) -> Answer

  let port: Int
  private let listener: CInt
  private let handler: Handler
  private let connections = Mutex(0)

  var url: String { "http://127.0.0.1:\(port)" }
  /// How many connections were ever made.
  var connectionCount: Int { connections.withLock { $0 } }

  init(_ handler: @escaping Handler) {
    self.handler = handler
    listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let socket = listener
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
        bind(socket, raw, length) == 0 && listen(socket, 512) == 0
          && getsockname(socket, raw, &length) == 0
      }
    }
    precondition(bound)
    port = Int(UInt16(bigEndian: address.sin_port))
    Thread.detachNewThread { [self] in accept() }
  }

  /// No further connections; those that are there end with their clients.
  func stop() {
    shutdown(listener, CInt(SHUT_RDWR))
    close(listener)
  }

  private func accept() {
    while true {
      let connection = Glibc.accept(listener, nil, nil)
      guard connection >= 0 else { return }
      connections.withLock { $0 += 1 }
      Thread.detachNewThread { [self] in
        serve(connection)
        close(connection)
      }
    }
  }

  private func serve(_ connection: CInt) {
    var buffer: [UInt8] = []
    while let request = Self.read(connection, &buffer) {
      switch handler(request) {
      case .hangUp: return
      case .cutOff:
        Self.write(connection, Array("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf".utf8))
        return
      case .response(let status, let headers, let body):
        var head = "HTTP/1.1 \(status) Any\r\nContent-Length: \(body.count)\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        Self.write(connection, Array((head + "\r\n").utf8) + body)
      }
    }
  }

  private static func write(_ connection: CInt, _ bytes: [UInt8]) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { raw in
        send(connection, raw.baseAddress! + sent, bytes.count - sent, CInt(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      sent += count
    }
  }

  /// Nil when the client is gone.
  private static func read(_ connection: CInt, _ buffer: inout [UInt8]) -> Request? {
    while true {
      if let end = buffer.firstRange(of: Array("\r\n\r\n".utf8)) {
        let lines = String(decoding: buffer[..<end.lowerBound], as: UTF8.self)
          .components(separatedBy: "\r\n")
        let parts = lines[0].split(separator: " ").map(String.init)
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
          guard let colon = line.firstIndex(of: ":") else { continue }
          headers[line[..<colon].lowercased()] =
            line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        }
        let length = Int(headers["content-length"] ?? "0") ?? 0
        if buffer.count - end.upperBound >= length {
          let body = Array(buffer[end.upperBound..<end.upperBound + length])
          buffer.removeSubrange(..<(end.upperBound + length))
          return Request(method: parts[0], path: parts[1], headers: headers, body: body)
        }
      }
      var chunk = [UInt8](repeating: 0, count: 65_536)
      let count = recv(connection, &chunk, chunk.count, 0)
      guard count > 0 else { return nil }
      buffer += chunk[..<count]
    }
  }
}
