package import Bytes
import JSON
package import KaleRules
package import StellarXDR

/// What a call would do, and what it needs to be sent.
package struct Simulation: Sendable, Hashable {
  package let data: SorobanTransactionData
  /// Stroops.
  package let resourceFee: Int64
  package let auth: [SorobanAuthorizationEntry]
  /// Absent for the footprint operations.
  package let returnValue: SCVal?
  /// The ledger whose state and time it ran on.
  package let latestLedger: LedgerSequence
}

/// What a node did with a transaction it was sent.
package struct SendAnswer: Sendable, Hashable {
  package enum Status: Sendable, Hashable {
    /// Queued, which promises nothing.
    case pending
    /// Was queued already.
    case duplicate
    /// Not queued: send the same bytes again after a ledger.
    case tryAgainLater
    /// Not queued: refused with this result, or with none that could be read.
    case refused(TransactionResult?)
  }

  package let status: Status
  package let latestLedger: LedgerSequence
  /// Unix seconds.
  package let latestCloseTime: UInt64
  /// A node that was sent it before gave no usable answer: it may have queued it all the same.
  package var mayBeElsewhere = false
}

/// What a node knows of a transaction.
package struct TransactionAnswer: Sendable {
  package enum Status: Sendable {
    case succeeded(AppliedTransaction)
    case failed(AppliedTransaction)
    /// Not in the node's ledgers, which says something only together with the fields below.
    case notFound
  }

  package let status: Status
  package let latestLedger: LedgerSequence
  /// Unix seconds.
  package let latestCloseTime: UInt64
  package let oldestLedger: LedgerSequence
}

/// A transaction in a ledger, still as XDR: its result must not be lost over a meta that this
/// build cannot read.
package struct AppliedTransaction: Sendable {
  package let ledger: LedgerSequence
  /// Unix seconds, the ledger's close time.
  package let closeTime: UInt64
  package let resultXDR: String
  /// As it was included: a fee bump, where one was.
  package let envelopeXDR: String?
  package let metaXDR: String?
  package let diagnosticEventsXDR: [String]
}

extension RPCClient {
  /// Tries a Soroban transaction on the latest ledger. A `CallFailure` says what the call would
  /// fail with; nothing was sent.
  package func simulate(
    _ transaction: Transaction, on network: KaleNetwork
  ) async throws(RPCError) -> Result<Simulation, CallFailure> {
    let envelope = TransactionEnvelope.transaction(transaction, signatures: [])
    let parameters: JSONValue = ["transaction": .string(envelope.base64)]
    return try await call("simulateTransaction", parameters) { fields throws(RPCError) in
      if let text = fields.value["error"]?.asString {
        // Events that this build cannot read only make the classification poorer.
        let events = fields.list("events").compactMap { event in
          event.asString.flatMap { try? DiagnosticEvent(base64: $0) }
        }
        return .failure(
          CallFailure(simulation: text, events: events, call: transaction.call, on: network))
      }
      let results = fields.list("results").map { RPCFields($0, fields.method) }
      // More than an envelope can say is no fee.
      let resourceFee: UInt32 = try fields.integer("minResourceFee")
      return .success(
        Simulation(
          data: try fields.xdr("transactionData"),
          resourceFee: Int64(resourceFee),
          auth: try results.first.map(Self.auth) ?? [],
          returnValue: try results.first?.optionalXDR("xdr"),
          latestLedger: try fields.ledger("latestLedger")))
    }
  }

  private static func auth(_ result: RPCFields) throws(RPCError) -> [SorobanAuthorizationEntry] {
    var entries: [SorobanAuthorizationEntry] = []
    for item in result.list("auth") {
      guard let text = item.asString else { throw result.bad("auth") }
      entries.append(try result.decode(text, "auth"))
    }
    return entries
  }

  /// Hands a signed envelope (base64) to a node. After `outcomeUnknown` it may be queued. The same
  /// bytes may go to every node: the network knows them by their hash.
  package func sendTransaction(
    _ envelope: String, avoiding node: Int? = nil
  ) async throws(RPCError) -> SendAnswer {
    let failures = FailureNotes()
    do throws(RPCError) {
      var answer = try await send(envelope, .avoiding(node), failures)
      answer.mayBeElsewhere = failures.someMayHaveDoneIt
      return answer
    } catch {
      guard failures.someMayHaveDoneIt, error.code != .cancelled else { throw error }
      throw RPCError(.outcomeUnknown, error.message)
    }
  }

  private func send(
    _ envelope: String, _ choice: NodeChoice, _ failures: FailureNotes
  ) async throws(RPCError) -> SendAnswer {
    let parameters: JSONValue = ["transaction": .string(envelope)]
    return try await call("sendTransaction", parameters, choice: choice, failures: failures) {
      fields throws(RPCError) in
      let status: SendAnswer.Status =
        switch try fields.string("status") {
        case "PENDING": .pending
        case "DUPLICATE": .duplicate
        case "TRY_AGAIN_LATER": .tryAgainLater
        case "ERROR": .refused(try? fields.optionalXDR("errorResultXdr"))
        case let other: throw RPCError(.badAnswer, "\(fields.method): unknown status \(other)")
        }
      return SendAnswer(
        status: status, latestLedger: try fields.ledger("latestLedger"),
        latestCloseTime: try fields.time("latestLedgerCloseTime"))
    }
  }

  /// Hands the same bytes to every other sound node. What they say does not matter: the ledger will
  /// tell.
  func spreadTransaction(_ envelope: String, besides node: Int) async {
    let parameters: JSONValue = ["transaction": .string(envelope)]
    await withDiscardingTaskGroup { group in
      for other in soundNodes(besides: node) {
        group.addTask {
          _ = try? await self.call("sendTransaction", parameters, choice: .briefly(other)) {
            fields throws(RPCError) in fields.value
          }
        }
      }
    }
  }

  /// Look-ups that come close together go out in one request.
  package func getTransaction(_ hash: Bytes32) async throws(RPCError) -> TransactionAnswer {
    try await lookUps.get(hash, from: self)
  }

  static func answer(_ fields: RPCFields) throws(RPCError) -> TransactionAnswer {
    let status: TransactionAnswer.Status =
      switch try fields.string("status") {
      case "SUCCESS": .succeeded(try applied(fields))
      case "FAILED": .failed(try applied(fields))
      case "NOT_FOUND": .notFound
      case let other: throw RPCError(.badAnswer, "\(fields.method): unknown status \(other)")
      }
    return TransactionAnswer(
      status: status, latestLedger: try fields.ledger("latestLedger"),
      latestCloseTime: try fields.time("latestLedgerCloseTime"),
      oldestLedger: try fields.ledger("oldestLedger"))
  }

  private static func applied(_ fields: RPCFields) throws(RPCError) -> AppliedTransaction {
    AppliedTransaction(
      ledger: try fields.ledger("ledger"),
      closeTime: try fields.time("createdAt"), resultXDR: try fields.string("resultXdr"),
      envelopeXDR: fields.value["envelopeXdr"]?.asString,
      metaXDR: fields.value["resultMetaXdr"]?.asString,
      diagnosticEventsXDR: fields.list("diagnosticEventsXdr").compactMap(\.asString))
  }
}

extension Transaction {
  /// The contract call it makes, or nil.
  package var call: InvokeContractArgs? {
    guard case .invokeHostFunction(.invoke(let call), _)? = operations.first?.body else {
      return nil
    }
    return call
  }
}
