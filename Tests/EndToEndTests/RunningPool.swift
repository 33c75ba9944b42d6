import Foundation
import StellarClient
import Testing

/// A demo without end: two farmers, one agent, and what a test has to know of it.
struct RunningPool: Sendable {
  /// Its data lies below; every process of it names this folder.
  let folder: ScratchFolder
  let program: RunningProgram
  /// The page's address.
  let url: String
  /// Every farmer's password.
  let password: String
  let http = HTTPClient()

  init() async throws {
    folder = try ScratchFolder()
    program = try Program.kalepool.start(
      ["demo", "--farmers", "2", "--agents", "1", "--port", "0"],
      environment: ["TMPDIR": folder.path])
    url = String(try await program.line(beginning: "The page: ").dropLast())
    let farmers = try await program.line(beginning: "Farmers: ")
    password = String(farmers.split(separator: " ").last ?? "")
    _ = try await program.line(beginning: "Agents: ")
  }

  /// The coordinator's data folder.
  var data: String {
    get throws {
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      return folder.path + "/" + (try #require(names.first)) + "/coordinator"
    }
  }

  /// The value that follows `option` in the coordinator's arguments.
  func coordinatorOption(_ option: String) throws -> String {
    for process in try folder.users() {
      let data = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") ?? Data()
      let words = data.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
      guard words.contains("coordinator"), let index = words.firstIndex(of: option) else {
        continue
      }
      return words[index + 1]
    }
    throw CocoaError(.fileNoSuchFile)
  }

  /// Logs the first farmer in and gives the cookie.
  func logIn() async throws -> String {
    let reply = try await send(
      "POST", "/api/v1/session", #"{"handle": "farmer-1", "password": "\#(password)"}"#)
    try #require(reply.status == 200, "\(reply.text)")
    return String(try #require(reply.header("set-cookie")).prefix { $0 != ";" })
  }

  func send(
    _ method: String, _ path: String, _ json: String, cookie: String? = nil
  ) async throws -> HTTPResponse {
    var headers = [(name: "Content-Type", value: "application/json")]
    if let cookie { headers.append((name: "Cookie", value: cookie)) }
    return try await http.send(
      HTTPRequest(method, url + path, headers: headers, body: Array(json.utf8)))
  }

  /// Ctrl-C: status 0, and nothing is left.
  func stop() async throws {
    program.interrupt()
    #expect(try await program.result().status == 0)
    #expect(try folder.users().isEmpty)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }
}
