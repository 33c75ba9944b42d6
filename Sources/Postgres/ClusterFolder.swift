import Glibc
import Runtime

/// The folder of a private cluster: `data`, `sockets`, `postgres.log` and `lock`, all for one user.
struct ClusterFolder: Sendable {
  let path: String
  /// The user the server runs as, where that is not this program's own.
  let user: String?

  /// A Unix socket's address holds 107 bytes and a final zero (`sys/un.h`).
  static let socketPathBytesMax = 107
  /// A log larger than this is emptied at the next start.
  static let logBytesMax = 16 << 20
  static let defaultForRoot = "/var/lib/kalepool"

  var data: String { path + "/data" }
  var unfinished: String { path + "/data.unfinished" }
  var sockets: String { path + "/sockets" }
  var log: String { path + "/postgres.log" }
  var lock: String { path + "/lock" }

  /// Checks the path; touches nothing.
  init(_ path: String) throws(ClusterError) {
    guard let path = Self.absolute(path) else {
      throw ClusterError(.unusableFolder, "the working folder cannot be read")
    }
    self.path = path
    user = geteuid() == 0 ? PrivateCluster.superuser : nil
    // Both libpq and the server read lists, separated by commas, where they take this path.
    guard !path.contains(where: { ",\"\n".contains($0) }) else {
      throw ClusterError(
        .unusableFolder, "\(path): choose a folder without comma, quote or line break in its name")
    }
    let socket = "\(sockets)/.s.PGSQL.\(PrivateCluster.port)"
    guard socket.utf8.count <= Self.socketPathBytesMax else {
      throw ClusterError(
        .unusableFolder,
        "\(path) is \(socket.utf8.count - Self.socketPathBytesMax) bytes too long for a socket: "
          + "choose a shorter folder")
    }
  }

  var isInitialised: Bool { access(data + "/PG_VERSION", F_OK) == 0 }

  /// Makes what is missing, and sets owner and rights of what the server needs.
  func prepare() throws(ClusterError) {
    var made = ""
    for part in path.split(separator: "/") {
      made += "/" + part
      if mkdir(made, 0o755) != 0 && errno != EEXIST { throw unusable(made) }
    }
    try refuseForeignFolder()
    if mkdir(sockets, 0o700) != 0 && errno != EEXIST { throw unusable(sockets) }
    for folder in [path, sockets] {
      if let user {
        guard let entry = getpwnam(user) else {
          throw ClusterError(
            .notInstalled,
            "there is no user \(user), which the database runs as: "
              + "run `apt-get install postgresql`")
        }
        // Not through a symbolic link: the folder may lie where others can write.
        if lchown(folder, entry.pointee.pw_uid, entry.pointee.pw_gid) != 0 {
          throw unusable(folder)
        }
      }
      if chmod(folder, 0o700) != 0 { throw unusable(folder) }
    }
  }

  /// Owner and rights are only changed in a folder that is empty or ours, never in, say, `/tmp`.
  private func refuseForeignFolder() throws(ClusterError) {
    guard let directory = opendir(path) else { throw unusable(path) }
    defer { closedir(directory) }
    let ours = [data, unfinished, sockets, log, lock].map { $0.dropFirst(path.utf8.count + 1) }
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name == "." || name == ".." || ours.contains(name[...]) { continue }
      throw ClusterError(
        .unusableFolder,
        "\(path) holds \(name), which is not the database's: choose an empty or a new folder")
    }
  }

  /// Whether the server's user gets here: every folder above must let it pass.
  func checkReachable() async throws(ClusterError) {
    guard let user else { return }
    var command = ChildProcess.Command("/usr/bin/test", ["-w", path])
    command.user = user
    let end: ChildProcess.End
    do {
      end = try await ChildProcess.start(command).ended()
    } catch { throw ClusterError(.failed, error.description) }
    guard end == .exited(0) else {
      throw ClusterError(
        .unusableFolder,
        "\(path) cannot be reached by the user \(user), which the database runs as: "
          + "choose another folder, such as \(Self.defaultForRoot)")
    }
  }

  func openLog() throws(ClusterError) -> CInt {
    let file = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { throw unusable(log) }
    if lseek(file, 0, SEEK_END) > Self.logBytesMax { ftruncate(file, 0) }
    return file
  }

  /// Removes what an initialisation that was killed has left.
  func removeUnfinished() async throws(ClusterError) {
    guard access(unfinished, F_OK) == 0 else { return }
    do {
      _ = try await ChildProcess.start(.init("/bin/rm", ["-rf", "--", unfinished])).ended()
    } catch { throw ClusterError(.failed, error.description) }
  }

  func finishInitialising() throws(ClusterError) {
    if rename(unfinished, data) != 0 { throw unusable(data) }
    let folder = open(path, O_RDONLY | O_CLOEXEC | O_DIRECTORY)
    guard folder >= 0 else { throw unusable(path) }
    defer { close(folder) }
    if fsync(folder) != 0 { throw unusable(path) }
  }

  private func unusable(_ path: String) -> ClusterError {
    ClusterError(.unusableFolder, "\(path): \(lastSystemError())")
  }

  private static func absolute(_ path: String) -> String? {
    if path.hasPrefix("/") { return path }
    guard let here = getcwd(nil, 0) else { return nil }
    defer { free(here) }
    return String(cString: here) + "/" + path
  }
}
