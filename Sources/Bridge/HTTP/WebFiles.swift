import Bytes
import Foundation
import Sodium

/// The page's files: compiled in, or from a folder while designing. Only listed names are served.
struct WebFiles: Sendable {
  struct File: Sendable {
    let name: String
    let type: String
    let bytes: [UInt8]

    init(_ name: String, _ bytes: [UInt8]) {
      self.name = name
      self.bytes = bytes
      type =
        switch name.split(separator: ".").last {
        case "css": "text/css; charset=utf-8"
        case "html": "text/html; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "json": "application/json"
        case "svg": "image/svg+xml"
        default: preconditionFailure("no media type is known for \(name)")
        }
    }
  }

  /// Everything in `Web/`.
  static let all: [File] = [
    .init("api.js", PackageResources.api_js),
    .init("favicon.svg", PackageResources.favicon_svg),
    .init("format.js", PackageResources.format_js),
    .init("index.html", PackageResources.index_html),
    .init("kalepool.css", PackageResources.kalepool_css),
    .init("live.js", PackageResources.live_js),
    .init("main.js", PackageResources.main_js),
    .init("openapi.json", PackageResources.openapi_json),
    .init("page.js", PackageResources.page_js),
    .init("view-account.js", PackageResources.view_account_js),
    .init("view-leave.js", PackageResources.view_leave_js),
    .init("view-operator.js", PackageResources.view_operator_js),
    .init("view-overview.js", PackageResources.view_overview_js),
    .init("view-poolers.js", PackageResources.view_poolers_js),
    .init("view-settings.js", PackageResources.view_settings_js),
    .init("view-tables.js", PackageResources.view_tables_js),
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
