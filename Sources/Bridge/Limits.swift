/// Every bound of the bridge, with its reason. What an operator may want otherwise is in
/// ``BridgeSettings``.
enum Limits {
  /// The largest request has six short fields; 16 KiB leaves room and costs nothing to buffer.
  static let bodyBytesMax = 16 * 1024
  /// Our requests are flat objects. Deeper nesting is refused before the JSON decoder recurses.
  static let jsonDepthMax = 4
  /// A person's log-in name or mail address.
  static let handleCharacters = 3...64
  /// NIST SP 800-63B asks for 8 at least and for long ones to be taken; custody deserves more than 8.
  static let passwordCharacters = 10...200
  /// Basis points: 10000 are the whole.
  static let basisPoints = 0...10_000
  /// A day's worth of blocks less a margin, on mainnet (kale.md); the service may allow less.
  static let harvestAfterBlocks = 1...240
  static let poolerNameCharacters = 1...64
  static let poolerFarmersMax = 1...100_000
  /// An address has 56 or 69 characters; the rest is room for a clear refusal.
  static let addressCharactersMax = 128
  /// Rows a page, for blocks and rewards.
  static let pageRows = 1...200
  static let pageRowsDefault = 50
  /// Rows a page, for statements.
  static let statementRows = 1...1000
  /// Argon2id takes 64 MiB and 0.1 s each (RFC 9106 interactive, libsodium's figures).
  static let passwordHashesAtOnce = 4
  /// Beyond these a log-in would wait for seconds: better told to come back.
  static let passwordHashesWaitingMax = 128
  /// Open pages of one farmer.
  static let streamsPerFarmerMax = 8
  /// Event streams in all: each costs a connection and a task.
  static let streamsMax = 5000
  /// Events that wait for a slow browser; the page reads everything again after a gap.
  static let eventsBuffered = 64
  /// Connections accepted at a time; more wait in the backlog.
  static let connectionsMax = 8000
  /// Keys a rate limiter remembers; beyond, the one used longest ago is forgotten.
  static let rateKeysMax = 20_000
}
