public import Foundation

/// The test vectors: sets of JSON files that other implementations are held to as well.
///
/// They lie in the folder that `KALEPOOL_VECTORS` names, `../shared/vectors` beside the checkout by
/// default. A set that is named but cannot be read is a failure; where nothing is named and the
/// default folder is absent the tests are skipped, saying so.
public enum Vectors {
  /// The folder, or nil where there is none and none was asked for.
  public static let folder: URL? = {
    if let named = ProcessInfo.processInfo.environment["KALEPOOL_VECTORS"], !named.isEmpty {
      return URL(fileURLWithPath: named, isDirectory: true)
    }
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    for base in [root, URL(fileURLWithPath: FileManager.default.currentDirectoryPath)] {
      let folder = base.appendingPathComponent("../shared/vectors").standardizedFileURL
      if FileManager.default.fileExists(atPath: folder.path) { return folder }
    }
    return nil
  }()

  public static var areAbsent: Bool { folder == nil }

  /// One file, e.g. `stellar/strkey.json`.
  public static func data(_ file: String) throws -> Data {
    guard let folder else { throw CocoaError(.fileNoSuchFile) }
    return try Data(contentsOf: folder.appendingPathComponent(file))
  }

  public static func decode<T: Decodable>(_ type: T.Type, _ file: String) throws -> T {
    try JSONDecoder().decode(type, from: data(file))
  }

  /// Tells how many cases of a file were held to, so that a run shows that none was left out.
  public static func tell(_ file: String, _ count: Int, _ what: String) {
    print("vectors \(file): \(count) \(what)")
  }

  /// The names of a set's JSON files, e.g. of `kale`, sorted.
  public static func files(in set: String) throws -> [String] {
    guard let folder else { return [] }
    return try FileManager.default.contentsOfDirectory(
      atPath: folder.appendingPathComponent(set).path
    ).filter { $0.hasSuffix(".json") }.sorted()
  }
}
