import Bytes
import Foundation
import Sodium

/// The page's files: compiled in, or from a folder while designing. Only listed names are served.
struct WebFiles: Sendable {
  struct File: Sendable {
    let name: String
    let type: String
    let bytes: [UInt8]
  }

  /// Everything in `Web/`.
  static let all: [File] = [
    File(name: "index.html", type: "text/html; charset=utf-8", bytes: PackageResources.index_html),
    File(name: "openapi.json", type: "application/json", bytes: PackageResources.openapi_json),
  ]

  let folder: String?

  /// The file's type, bytes and entity tag; nil for a name that is not listed.
  func file(_ name: String) -> (type: String, bytes: [UInt8], tag: String)? {
    guard let file = Self.all.first(where: { $0.name == name }) else { return nil }
    var bytes = file.bytes
    if let folder, let data = FileManager.default.contents(atPath: folder + "/" + name) {
      bytes = [UInt8](data)
    }
    return (file.type, bytes, "\"" + Hex.encode(sha256(bytes).bytes.prefix(12)) + "\"")
  }
}
