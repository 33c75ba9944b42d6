import Glibc

/// Where PostgreSQL's programs are on this machine.
struct PostgresBinaries: Sendable {
  let initdb: String
  let postgres: String

  /// Debian's folder of versions; `pg_config` (from libpq-dev) knows others.
  static let versionsFolder = "/usr/lib/postgresql"
  /// The oldest version the schema is written for.
  static let versionMin = 15

  static func find() async throws(ClusterError) -> PostgresBinaries {
    for folder in debianFolders() + pathFolders() {
      let initdb = folder + "/initdb"
      let postgres = folder + "/postgres"
      if access(initdb, X_OK) == 0, access(postgres, X_OK) == 0 {
        return PostgresBinaries(initdb: initdb, postgres: postgres)
      }
    }
    throw ClusterError(
      .notInstalled,
      "PostgreSQL is not installed: run `apt-get install postgresql`, "
        + "or name a database with --database")
  }

  /// The newest version first.
  private static func debianFolders() -> [String] {
    guard let directory = opendir(versionsFolder) else { return [] }
    defer { closedir(directory) }
    var versions: [Int] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if let version = Int(name), version >= versionMin { versions.append(version) }
    }
    return versions.sorted(by: >).map { "\(versionsFolder)/\($0)/bin" }
  }

  /// For machines where the programs are simply on the path.
  private static func pathFolders() -> [String] {
    guard let path = getenv("PATH") else { return [] }
    return String(cString: path).split(separator: ":").map { String($0) }
  }
}
