import Bytes
import Foundation
import StellarXDR

/// The methods of the RPC, as stellar-rpc has them, and the devnet's own. Source: stellar.md §3.
struct RPCMethods: Sendable {
  let node: DevnetNode
  let settings: DevnetSettings
  let network: KaleNetwork
  /// Where the friendbot answers, once the port is known.
  let friendbotURL: String

  /// Whether a method is one of the devnet's own, which no fault strikes: they end faults.
  static func isOwn(_ method: String) -> Bool { method.hasPrefix("devnet_") }

  func call(_ method: String, _ params: JSON?) async throws(RPCFailure) -> JSON {
    let parameters = try RPCParameters(params)
    switch method {
    case "getHealth": return try await getHealth()
    case "getNetwork": return getNetwork()
    case "getVersionInfo": return getVersionInfo()
    case "getLatestLedger": return try await getLatestLedger(parameters)
    case "getFeeStats": return await getFeeStats()
    case "getLedgerEntries": return try await getLedgerEntries(parameters)
    case "simulateTransaction": return try await simulateTransaction(parameters)
    case "sendTransaction": return try await sendTransaction(parameters)
    case "getTransaction": return try await getTransaction(parameters)
    case "getTransactions": return try await getTransactions(parameters)
    case "getLedgers": return try await getLedgers(parameters)
    case "getEvents": return try await getEvents(parameters)
    case "devnet_grantKale": return try await grantKale(parameters)
    case "devnet_advance": return try await advance(parameters)
    case "devnet_state": return await state()
    case "devnet_clock": return try await setClock(parameters)
    case "devnet_set": return try await setEntries(parameters)
    case "devnet_snapshot": return try await snapshot(parameters)
    case "devnet_restore": return try await restore(parameters)
    case "devnet_fault": return try await switchOnFault(parameters)
    case "devnet_heal": return try await switchOffFaults(parameters)
    default: throw .unknownMethod(method)
    }
  }

  /// Which ledgers are served.
  struct Window: Sendable {
    let latest: UInt32
    let latestTime: UInt64
    let oldest: UInt32
    let oldestTime: UInt64

    init(_ ledger: borrowing DevnetLedger) {
      let newest = ledger.latest
      let first = ledger.history.oldest ?? newest
      latest = newest.sequence
      latestTime = newest.closeTime
      oldest = first.sequence
      oldestTime = first.closeTime
    }

    /// With times as text, which most methods have.
    var json: [JSON.Member] {
      [
        .init(name: "latestLedger", value: .number(latest)),
        .init(name: "latestLedgerCloseTime", value: .text(latestTime)),
        .init(name: "oldestLedger", value: .number(oldest)),
        .init(name: "oldestLedgerCloseTime", value: .text(oldestTime)),
      ]
    }

    /// Throws unless a request may begin at `start`.
    func check(_ start: UInt32) throws(RPCFailure) {
      guard start >= oldest, start <= latest else {
        throw .invalidRequest(
          "startLedger must be within the ledger range: \(oldest) - \(latest)")
      }
    }
  }
}
