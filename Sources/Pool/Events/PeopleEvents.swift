package import Bytes
package import KaleRules

/// A coordinator began to run.
package struct CoordinatorStarted: PoolEvent {
  package static let table = "coordinator_starts"
  package var version: String
  /// The last ledger known at the start, and when it closed (Unix seconds).
  package var ledger: LedgerSequence
  package var ledgerCloseTime: Int64

  package init(version: String, ledger: LedgerSequence, ledgerCloseTime: Int64) {
    self.version = version
    self.ledger = ledger
    self.ledgerCloseTime = ledgerCloseTime
  }
}

/// What a wallet of the pool's is for.
package enum WalletKind: String, Codable, Sendable, Hashable {
  case farmer, treasury, bond
  /// Lends its sequence numbers; pays for what the others cannot.
  case channel, sponsor
}

/// The pool made a wallet; its seed was sealed and stored before.
package struct WalletMade: PoolEvent {
  package static let table = "wallets"
  /// Public key of the account.
  package var wallet: Bytes32
  package var kind: WalletKind
  /// The farmer's, pooler's or channel's number; 0 for the treasury and the sponsor.
  package var owner: Int64

  package init(wallet: Bytes32, kind: WalletKind, owner: Int64) {
    self.wallet = wallet
    self.kind = kind
    self.owner = owner
  }
}

package struct FarmerRegistered: PoolEvent {
  package static let table = "farmers"
  package var farmer: FarmerID
  /// The name to log in with, folded to lower case; unique.
  package var handle: String
  /// Argon2id, libsodium's text form.
  package var passwordHash: String
  package var wallet: Bytes32
  /// Which text about custody the farmer accepted.
  package var custodyNotice: String

  package init(
    farmer: FarmerID, handle: String, passwordHash: String, wallet: Bytes32,
    custodyNotice: String
  ) {
    self.farmer = farmer
    self.handle = handle
    self.passwordHash = passwordHash
    self.wallet = wallet
    self.custodyNotice = custodyNotice
  }
}

package struct PasswordChanged: PoolEvent {
  package static let table = "password_changes"
  package var farmer: FarmerID
  package var passwordHash: String

  package init(farmer: FarmerID, passwordHash: String) {
    self.farmer = farmer
    self.passwordHash = passwordHash
  }
}

package struct PoolerRegistered: PoolEvent {
  package static let table = "poolers"
  package var pooler: PoolerID
  package var name: String
  /// Where the pooler's share goes: a `G…` or `C…` address of its own.
  package var payout: String
  package var bondWallet: Bytes32
  /// The pooler's share of rewards, offered to farmers who join from now on.
  package var shareBps: BasisPoints
  package var farmersMax: Int

  package init(
    pooler: PoolerID, name: String, payout: String, bondWallet: Bytes32, shareBps: BasisPoints,
    farmersMax: Int
  ) {
    self.pooler = pooler
    self.name = name
    self.payout = payout
    self.bondWallet = bondWallet
    self.shareBps = shareBps
    self.farmersMax = farmersMax
  }
}

/// An operator issued a single-use token with which one agent may enrol.
package struct EnrolmentIssued: PoolEvent {
  package static let table = "enrolments"
  /// The public key that the token is the secret of; the token itself is nowhere stored.
  package var tokenKey: Bytes32
  package var pooler: PoolerID
  /// Unix seconds.
  package var expiresAt: Int64
  /// The agent that enrols with it waits for an operator's word.
  package var needsApproval: Bool

  package init(
    tokenKey: Bytes32, pooler: PoolerID, expiresAt: Int64, needsApproval: Bool = false
  ) {
    self.tokenKey = tokenKey
    self.pooler = pooler
    self.expiresAt = expiresAt
    self.needsApproval = needsApproval
  }
}

package struct AgentEnrolled: PoolEvent {
  package static let table = "agents"
  /// The agent's long-term public key.
  package var agent: Bytes32
  package var pooler: PoolerID
  package var tokenKey: Bytes32
  package var name: String

  package init(agent: Bytes32, pooler: PoolerID, tokenKey: Bytes32, name: String) {
    self.agent = agent
    self.pooler = pooler
    self.tokenKey = tokenKey
    self.name = name
  }
}

/// An operator let in an agent that waited for it.
package struct AgentApproved: PoolEvent {
  package static let table = "agent_approvals"
  package var agent: Bytes32

  package init(agent: Bytes32) { self.agent = agent }
}

package struct AgentRevoked: PoolEvent {
  package static let table = "agent_revocations"
  package var agent: Bytes32
  package var reason: String

  package init(agent: Bytes32, reason: String) {
    self.agent = agent
    self.reason = reason
  }
}

package struct SessionOpened: PoolEvent {
  package static let table = "agent_sessions"
  package var agent: Bytes32
  /// 16 random bytes, as in READY.
  package var session: [UInt8]
  package var address: String
  package var version: String

  package init(agent: Bytes32, session: [UInt8], address: String, version: String) {
    self.agent = agent
    self.session = session
    self.address = address
    self.version = version
  }
}

package struct SessionClosed: PoolEvent {
  package static let table = "agent_session_ends"
  package var agent: Bytes32
  package var session: [UInt8]
  package var reason: String

  package init(agent: Bytes32, session: [UInt8], reason: String) {
    self.agent = agent
    self.session = session
    self.reason = reason
  }
}

/// What an agent says it can do.
package struct CapacityReported: PoolEvent {
  package static let table = "capacity_reports"
  package var agent: Bytes32
  package var hashesPerSecond: Int64
  package var threads: Int
  /// Farmers it is to be given at most; nil: as many as the pooler takes.
  package var farmersMax: Int?

  package init(agent: Bytes32, hashesPerSecond: Int64, threads: Int, farmersMax: Int? = nil) {
    self.agent = agent
    self.hashesPerSecond = hashesPerSecond
    self.threads = threads
    self.farmersMax = farmersMax
  }
}

/// A line for a person: what happened to them and what they can do.
package struct Notice: PoolEvent {
  package static let table = "notices"
  /// Whom it concerns; nil: the operator.
  package var farmer: FarmerID?
  package var pooler: PoolerID?
  /// `info`, `warning` or `alert`.
  package var level: String
  package var text: String

  package init(farmer: FarmerID? = nil, pooler: PoolerID? = nil, level: String, text: String) {
    self.farmer = farmer
    self.pooler = pooler
    self.level = level
    self.text = text
  }
}
