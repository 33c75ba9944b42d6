import Bytes
import RPCTransport
import SecureChannel

/// The keys that each coordinator is known by: those its owner named, and those that the coordinator
/// announced within a session of one of these.
///
/// One line for each announced key, `HOST:PORT H…`, in `server.pins` of the agent's folder. An
/// announcement only adds; who stole a coordinator's key could announce as well, so after a theft
/// the file is removed and agents are told the new key by hand.
struct PinBook {
  /// What an address can have at most; the newest announced ones count.
  static let keysMax = 4

  private let path: String
  private var announced: [(address: String, key: Bytes32)] = []

  init(folder: String) throws(KeyFileError) {
    path = "\(folder)/server.pins"
    for line in try KeyFile.lines(of: path) {
      let parts = line.split(separator: " ").map(String.init)
      guard parts.count == 2, let key = try? KeyText.publicKey(parts[1], as: .serverPublic) else {
        throw KeyFileError(
          message: "\(path): this line is no HOST:PORT and H…, remove it: \(line)")
      }
      announced.append((parts[0], key))
    }
  }

  /// The address with all keys it is known by, the owner's first.
  func pinned(_ address: CoordinatorAddress) -> CoordinatorAddress {
    var address = address
    let room = Self.keysMax - address.serverKeys.count
    let more = announced.filter {
      $0.address == "\(address)" && !address.serverKeys.contains($0.key)
    }
    address.serverKeys += more.suffix(max(0, room)).map(\.key)
    return address
  }

  /// Keeps what a coordinator announced; gives the keys that are new. On disk when it returns.
  mutating func add(_ keys: [Bytes32], of address: CoordinatorAddress) throws(KeyFileError)
    -> [Bytes32]
  {
    let known = pinned(address).serverKeys
    let new = keys.filter { $0.isCanonicalPublicKey && !known.contains($0) }
    guard !new.isEmpty else { return [] }
    announced += new.map { ("\(address)", $0) }
    try KeyFile.replace(
      path,
      with: announced.map { "\($0.address) \(KeyText.encode(.serverPublic, $0.key.bytes))" })
    return new
  }
}
