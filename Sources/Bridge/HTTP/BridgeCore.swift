import Bytes
import Logging
import Sodium

/// What every handler shares.
final class BridgeCore: Sendable {
  let settings: BridgeSettings
  let pool: any PoolService
  let operators: any OperatorService
  let health: any HealthService
  let sessions: Sessions
  let origins: OriginPolicy
  let clock: BridgeClock
  let logger: Logger
  let passwords = PasswordWorkers()
  let limiter: RateLimiter
  let counters = Counters()
  let streams = StreamPlaces()
  let web: WebFiles

  init(
    settings: BridgeSettings, pool: any PoolService, operators: any OperatorService,
    health: any HealthService, sessions store: any SessionStore, clock: BridgeClock, logger: Logger
  ) throws(BridgeStartError) {
    self.settings = settings
    self.pool = pool
    self.operators = operators
    self.health = health
    self.clock = clock
    self.logger = logger
    origins = try OriginPolicy(publicOrigin: settings.publicOrigin)
    if settings.publicOrigin == nil, !OriginPolicy.isLoopback(settings.host) {
      throw .publicOriginMissing(host: settings.host)
    }
    sessions = Sessions(
      store: store, lifetime: settings.sessionLifetime, secure: origins.isSecure, clock: clock)
    limiter = RateLimiter(clock: clock)
    web = WebFiles(folder: settings.webFolder)
  }

  /// Checks a password, counting tries; `credentials` nil stands for a handle nobody has.
  func check(
    _ password: String, of credentials: API.Credentials?, handle: String, from address: String?,
    failure: BridgeError
  ) async throws {
    let rates = settings.rates
    let pair = "pair:\(handle):\(address ?? "local")"
    if let address { try limiter.take("password:\(address)", rates.passwordPerAddress) }
    try limiter.take(pair, rates.passwordPerHandleAndAddress)
    try limiter.take("handle:\(handle)", rates.passwordPerHandle)
    guard try await passwords.verify(password, against: credentials?.passwordHash) else {
      throw failure
    }
    limiter.reset(pair)
  }

  /// Asks a logged-in farmer for the password again, before something that cannot be undone.
  func reauthenticate(_ call: Call, field: String = "password") async throws {
    let password = try call.fields.givenPassword(field)
    guard let credentials = try await pool.credentials(farmer: call.caller.farmer) else {
      throw BridgeError(.notAuthenticated, "Log in again.")
    }
    try await check(
      password, of: credentials, handle: credentials.handle, from: call.remoteAddress,
      failure: .invalid(field, "The password is wrong."))
  }

  /// Whether a bearer token is the operator's.
  func isOperator(authorization: String?) -> Bool {
    guard let hash = settings.operatorTokenHash, let authorization,
      authorization.lowercased().hasPrefix("bearer ")
    else { return false }
    let token = [UInt8](authorization.utf8.dropFirst(7))
    return equalInConstantTime(sha256(token).bytes, hash.bytes)
  }
}
