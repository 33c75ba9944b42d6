import Foundation

/// Where things are when no flag says otherwise.
enum DefaultFolder {
  /// Below the home folder, or `/var/lib` for root, whose home the database's user cannot enter.
  static var data: String {
    geteuid() == 0 ? "/var/lib/kalepool" : NSHomeDirectory() + "/.local/share/kalepool"
  }

  /// The devnet's own address; no public node is taken for granted.
  static func rpc(_ network: String) -> String? {
    network == "devnet" ? "http://127.0.0.1:8000" : nil
  }
}
