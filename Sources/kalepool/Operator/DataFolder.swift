import Foundation

/// The coordinator's data folder, as far as other commands read it.
struct DataFolder: Sendable {
  let path: String

  var operatorTokenFile: String { path + "/keys/operator.token" }
  var serverKeyFile: String { path + "/keys/server.pub" }

  func operatorToken() throws -> String {
    try line(
      of: operatorTokenFile,
      hint: "name the coordinator's data folder with --data, or its token in \(tokenVariable)")
  }

  /// `H…`: what an agent has to know of this coordinator.
  func serverKey() throws -> String {
    try line(of: serverKeyFile, hint: "start the coordinator once; it makes its key")
  }

  private func line(of file: String, hint: String) throws -> String {
    guard let data = FileManager.default.contents(atPath: file) else {
      throw CommandFailure("\(file) cannot be read: \(hint)")
    }
    let text = String(decoding: data, as: UTF8.self)
    return text.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}

/// The environment variable that may hold the operator's token.
let tokenVariable = "KALEPOOL_OPERATOR_TOKEN"
