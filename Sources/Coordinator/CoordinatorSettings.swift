package import Pool
package import StellarXDR

/// How a coordinator runs. Every field is a flag of `kalepool coordinator`.
package struct CoordinatorSettings: Sendable {
  /// Keys, the private database and its log live below this folder.
  package var dataFolder: String
  /// Connection string of a PostgreSQL server; nil: a private cluster in the data folder.
  package var database: String?
  /// Below so much free disk under the private database nothing is planted: so that what is can be
  /// worked, harvested and paid out.
  package var diskReserveBytes: Int64 = 512 << 20
  package var network: KaleNetwork
  /// Addresses of Stellar RPC nodes, most trusted first.
  package var rpcURLs: [String]
  package var httpHost = "127.0.0.1"
  package var httpPort = 8080
  /// `https://…` of the proxy that ends TLS, where there is one.
  package var publicOrigin: String?
  package var agentHost = "0.0.0.0"
  package var agentPort = 7_475
  package var pool = PoolSettings()
  /// The network is asked how long a farm's entry lives; otherwise `pool` says it.
  package var asksEntryLedgers = false
  /// The least and the most that is offered for a transaction's inclusion, in stroops; in between
  /// it follows what others pay. What is not needed is not charged.
  package var inclusionFee: Int64 = 10_000
  package var inclusionFeeMax: Int64 = 1_000_000
  /// Accounts that lend their sequence numbers, so that a farmer's harvests run at once; each costs
  /// the treasury 1.1 XLM.
  package var channels = 16
  /// An account that pays for works, harvests and settlements where fees have risen beyond what
  /// wallets keep back; what is sent to it is its budget.
  package var hasSponsor = false
  /// Requests a second that each node takes; nil: no limit is known.
  package var rpcRequestsPerSecond: Double?
  /// Most that one transaction may cost in all; the signer refuses more. KALE's weekly rent on its
  /// instance is up to 0.3 XLM.
  package var feeMax: Int64 = 5_000_000
  /// How often the latest ledger is asked for, in milliseconds of wall time.
  package var pollMilliseconds = 1_000

  package init(dataFolder: String, network: KaleNetwork, rpcURLs: [String]) {
    self.dataFolder = dataFolder
    self.network = network
    self.rpcURLs = rpcURLs
  }
}
