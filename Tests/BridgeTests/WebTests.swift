import Foundation
import Testing

@testable import Bridge

/// The page's files, as served.
@Suite struct WebTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../Sources/Bridge/Web").standardizedFileURL

  @Test func everyFileOfTheFolderIsServedAndNoOther() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
    #expect(files.sorted() == WebFiles.all.map(\.name).sorted())
  }

  @Test func filesAreServedWithTheirTypeAndTag() async throws {
    try await TestBridge.with { bridge in
      var browser = bridge.browser()
      for file in WebFiles.all where file.name != "openapi.json" {
        let path = file.name == "index.html" ? "/" : "/" + file.name
        let answer = try await browser.get(path)
        #expect(answer.status == 200)
        #expect(Array(answer.data) == file.bytes)
        #expect(answer["Content-Type"] == file.type)
        let tag = try #require(answer["ETag"])
        let again = try await browser.send("GET", path, headers: ["If-None-Match": tag])
        #expect(again.status == 304)
        let head = try await browser.send("HEAD", path)
        #expect(head.status == 200)
        #expect(head.data.isEmpty)
      }
    }
  }

  /// The page works under its own policy: nothing inline, nothing from elsewhere, no markup from
  /// data.
  @Test func thePageKeepsToItsPolicy() {
    for file in WebFiles.all where file.name != "openapi.json" {
      let text = String(decoding: file.bytes, as: UTF8.self)
      for forbidden in [
        "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", " style=",
        " onclick=", "https://", "=\"data:",
      ] {
        #expect(!text.contains(forbidden), "\(file.name): \(forbidden)")
      }
      if file.name == "index.html" { #expect(!text.contains("<script>")) }
    }
  }

  @Test func whatTheFilesReferToIsThere() throws {
    let paths = Set(RouteTable.all.map(\.path))
    for file in WebFiles.all {
      let text = String(decoding: file.bytes, as: UTF8.self)
      for match in text.matches(of: /(?:src|href)="(\/[^"#]*)"/) {
        #expect(paths.contains(String(match.output.1)), "\(file.name): \(match.output.1)")
      }
      for match in text.matches(of: /from "\.(\/[^"]*)"/) {
        #expect(paths.contains(String(match.output.1)), "\(file.name): \(match.output.1)")
      }
    }
  }

  /// Templates, places and buttons that the views look for stand in the page.
  @Test func whatTheViewsLookForIsInThePage() throws {
    let page = String(
      decoding: try #require(WebFiles.all.first { $0.name == "index.html" }).bytes, as: UTF8.self)
    var found = 0
    for file in WebFiles.all where file.name.hasSuffix(".js") {
      let text = String(decoding: file.bytes, as: UTF8.self)
      for match in text.matches(of: /template\("([^"]+)"\)/) {
        found += 1
        #expect(
          page.contains("<template id=\"\(match.output.1)\">"), "\(file.name): \(match.output.1)")
      }
      for match in text.matches(of: /'?\[(data-[a-z-]+(?:="[a-zA-Z]+")?|name="[a-zA-Z]+")\]/) {
        found += 1
        #expect(page.contains(" \(match.output.1)"), "\(file.name): \(match.output.1)")
      }
    }
    #expect(found > 30)
  }

  @Test func aFolderServesListedNamesOnly() {
    let files = WebFiles(folder: Self.folder.path)
    #expect(files.file("index.html") != nil)
    #expect(files.file("../Limits.swift") == nil)
    #expect(files.file("nothing.js") == nil)
  }
}
