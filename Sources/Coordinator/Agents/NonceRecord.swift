/// How an agent's last nonces were. Plain logic.
///
/// Who sends many that do not hold is slowed down, whatever its reason: each costs a hash, a message
/// and an answer. Never by its address, behind which honest machines may stand too.
package struct NonceRecord: Sendable {
  /// Nonces that are looked back upon.
  package static let window = 200
  /// So many of them must be invalid, and more than this share: a machine with a bad moment has fewer.
  package static let invalidMin = 10
  package static let invalidShare = 0.05
  /// Between two nonces of an agent that is slowed down.
  package static let pause = Duration.seconds(1)

  private var isInvalid: [Bool] = []
  private var next = 0
  private var invalid = 0

  package init() {}

  package mutating func note(isInvalid now: Bool) {
    if isInvalid.count < Self.window {
      isInvalid.append(now)
    } else {
      if isInvalid[next] { invalid -= 1 }
      isInvalid[next] = now
      next = (next + 1) % Self.window
    }
    if now { invalid += 1 }
  }

  package var isPoor: Bool {
    invalid >= Self.invalidMin && Double(invalid) > Self.invalidShare * Double(isInvalid.count)
  }
}
