import Bytes
import JSON
import KaleRules
import StellarClient
import StellarXDR
import Synchronization

/// A node that tells the test's story: real envelopes in, real results out, and whatever goes wrong
/// when the test says so. A ledger closes each time somebody asks for the latest one, so that time
/// passes as the client looks.
final class ScriptedNode: Sendable {
  /// What happens to a transaction that is sent.
  enum Fate: Sendable {
    /// Queued, and in the ledger after so many closings.
    case included(after: UInt32)
    /// The same, without effect.
    case failed
    /// Queued, and forgotten.
    case forgotten
    /// Queued, but the answer never arrives.
    case answerLost
    case tryAgainLater
    case refused(TransactionResultCode)
    /// HTTP 503.
    case noRoom
  }

  struct State: Sendable {
    var ledger: UInt32 = 1000
    var closeTime: UInt64 = 1_800_000_000
    var oldest: UInt32 = 1
    /// No further ledger closes.
    var isFrozen = false
    /// Last used sequence numbers.
    var sequences: [AccountID: Int64] = [:]
    /// What happens to the next envelopes; afterwards all are included in the next ledger.
    var fates: [Fate] = []
    /// Every envelope that came, in order.
    var sent: [String] = []
    var queue: [Queued] = []
    var included: [Bytes32: Included] = [:]
    var simulationError: String?
    var calls: [String: Int] = [:]
    var takesBatches = true
    /// How many calls each batch had.
    var batches: [Int] = []
    /// What nine in ten paid for inclusion, as the node says.
    var paid: Int64 = 100
  }

  struct Queued: Sendable {
    var hash: Bytes32
    var transaction: Transaction
    var envelope: String
    var due: UInt32
    var fails: Bool
  }

  struct Included: Sendable {
    var envelope: String
    var ledger: UInt32
    var closeTime: UInt64
    var fails: Bool
  }

  static let network = KaleNetwork.devnet
  static let ledgerSeconds: UInt64 = 5
  static let feeCharged: Int64 = 123

  private let state = Mutex(State())

  func with<T: Sendable>(_ body: (inout sending State) -> sending T) -> T { state.withLock(body) }

  /// Serves the node over HTTP.
  func serve() -> TestServer {
    TestServer { [self] request in
      guard let body = try? JSONValue(parsing: request.body) else {
        return .text("bad", status: 400)
      }
      guard let batch = body.asArray else { return answer(body) }
      guard with({ $0.takesBatches }) else {
        return .text(#"{"jsonrpc": "2.0", "id": null, "error": {"code": -32600, "message": ""}}"#)
      }
      state.withLock { $0.batches.append(batch.count) }
      let texts = batch.compactMap { call -> String? in
        if case .response(_, _, let body) = answer(call) {
          String(decoding: body, as: UTF8.self)
        } else {
          nil
        }
      }
      return .text("[\(texts.joined(separator: ","))]")
    }
  }

  private func answer(_ call: JSONValue) -> TestServer.Answer {
    guard let method = call["method"]?.asString else { return .text("bad", status: 400) }
    let id = call["id"] ?? .null
    state.withLock { $0.calls[method, default: 0] += 1 }
    switch answer(method, call["params"] ?? .null) {
    case .value(let result):
      return .text(JSONValue.object(["jsonrpc": "2.0", "id": id, "result": result]).text)
    case .error(let code, let message):
      let error: JSONValue = ["code": .number("\(code)"), "message": .string(message)]
      return .text(JSONValue.object(["jsonrpc": "2.0", "id": id, "error": error]).text)
    case .raw(let answer): return answer
    }
  }

  fileprivate enum Reply {
    case value(JSONValue)
    case error(Int, String)
    case raw(TestServer.Answer)
  }

  private func answer(_ method: String, _ parameters: JSONValue) -> Reply {
    switch method {
    case "getLatestLedger":
      return with { state in
        state.close()
        return .value([
          "sequence": .number("\(state.ledger)"), "closeTime": .string("\(state.closeTime)"),
          "id": "", "protocolVersion": 27,
        ])
      }
    case "getHealth":
      return with { state in
        state.close()
        return .value([
          "status": "healthy", "latestLedger": .number("\(state.ledger)"),
          "latestLedgerCloseTime": .string("\(state.closeTime)"),
          "oldestLedger": .number("\(state.oldest)"), "ledgerRetentionWindow": 17280,
        ])
      }
    case "getFeeStats":
      return with { state in
        let paid = JSONValue.string("\(state.paid)")
        let fees: JSONValue = [
          "min": "100", "max": paid, "mode": paid, "p50": paid, "p90": paid, "p99": paid,
        ]
        return .value([
          "sorobanInclusionFee": fees, "inclusionFee": fees,
          "latestLedger": .number("\(state.ledger)"),
        ])
      }
    case "getLedgerEntries":
      let keys = parameters["keys"]?.asArray?.compactMap {
        try? LedgerKey(base64: $0.asString ?? "")
      }
      guard let keys, (1...200).contains(keys.count), Set(keys).count == keys.count else {
        return .error(-32602, "keys")
      }
      return with { state in .value(state.entries(keys)) }
    case "simulateTransaction":
      return with { state in .value(state.simulate()) }
    case "sendTransaction":
      guard let text = parameters["transaction"]?.asString,
        let envelope = try? TransactionEnvelope(base64: text)
      else { return .error(-32602, "invalid_xdr") }
      return with { state in state.send(text, envelope) }
    case "getTransaction":
      guard let hash = Bytes32(hex: parameters["hash"]?.asString ?? "") else {
        return .error(-32602, "hash")
      }
      return with { state in .value(state.lookUp(hash)) }
    default: return .error(-32601, "method not found")
    }
  }
}

extension ScriptedNode.State {
  mutating func close() {
    guard !isFrozen else { return }
    ledger += 1
    closeTime += ScriptedNode.ledgerSeconds
    for queued in queue where queued.due <= ledger {
      let source = queued.transaction.source.accountID
      let maxTime = queued.transaction.preconditions.timeBounds?.max ?? .max
      guard sequences[source] == queued.transaction.sequence - 1, closeTime <= maxTime else {
        continue
      }
      sequences[source] = queued.transaction.sequence
      let entry = ScriptedNode.Included(
        envelope: queued.envelope, ledger: ledger, closeTime: closeTime, fails: queued.fails)
      // The network knows a fee bump by both hashes; the inner one is what clients ask for.
      included[queued.transaction.hash(networkID: ScriptedNode.network.networkID)] = entry
    }
    queue.removeAll { $0.due <= ledger }
  }

  fileprivate func entries(_ keys: [LedgerKey]) -> JSONValue {
    let entries = keys.compactMap { key -> JSONValue? in
      guard case .account(let account) = key, let sequence = sequences[account] else { return nil }
      let entry = LedgerEntryData.account(
        AccountEntry(account: account, balance: 1_000_000_000, sequence: sequence))
      return [
        "key": .string(key.base64), "xdr": .string(entry.base64), "lastModifiedLedgerSeq": 1,
      ]
    }
    return ["entries": .array(entries), "latestLedger": .number("\(ledger)")]
  }

  fileprivate func simulate() -> JSONValue {
    if let simulationError {
      return ["error": .string(simulationError), "latestLedger": .number("\(ledger)")]
    }
    let data = SorobanTransactionData(
      resources: SorobanResources(
        footprint: LedgerFootprint(readOnly: [], readWrite: []), instructions: 1_000_000,
        diskReadBytes: 0, writeBytes: 100), resourceFee: 55_000)
    return [
      "transactionData": .string(data.base64), "minResourceFee": "55000",
      "results": [["auth": [], "xdr": .string(SCVal.void.base64)]],
      "latestLedger": .number("\(ledger)"),
    ]
  }

  fileprivate mutating func send(
    _ text: String, _ envelope: TransactionEnvelope
  ) -> ScriptedNode.Reply {
    sent.append(text)
    let fate = fates.isEmpty ? .included(after: 1) : fates.removeFirst()
    let hash = envelope.hash(networkID: ScriptedNode.network.networkID)
    var status = "PENDING"
    var result: TransactionResult?
    func queued(_ ledgers: UInt32, fails: Bool = false) -> ScriptedNode.Queued {
      .init(
        hash: hash, transaction: envelope.inner, envelope: text, due: ledger + ledgers,
        fails: fails)
    }
    if queue.contains(where: { $0.hash == hash }) {
      status = "DUPLICATE"
    } else if sequences[envelope.inner.source.accountID] != envelope.inner.sequence - 1 {
      status = "ERROR"
      result = TransactionResult(feeCharged: 0, outcome: .refused(.badSequence))
    } else {
      switch fate {
      case .included(let ledgers): queue.append(queued(ledgers))
      case .failed: queue.append(queued(1, fails: true))
      case .forgotten: break
      case .answerLost:
        queue.append(queued(1))
        return .raw(.hangUp)
      case .tryAgainLater: status = "TRY_AGAIN_LATER"
      case .refused(let code):
        status = "ERROR"
        result = TransactionResult(feeCharged: 777, outcome: .refused(code))
      case .noRoom: return .raw(.text("no room", status: 503))
      }
    }
    var members: [String: JSONValue] = [
      "status": .string(status), "hash": .string("\(hash)"), "latestLedger": .number("\(ledger)"),
      "latestLedgerCloseTime": .string("\(closeTime)"),
    ]
    if let result { members["errorResultXdr"] = .string(result.base64) }
    return .value(.object(members))
  }

  fileprivate func lookUp(_ hash: Bytes32) -> JSONValue {
    var members: [String: JSONValue] = [
      "status": "NOT_FOUND", "latestLedger": .number("\(ledger)"),
      "latestLedgerCloseTime": .string("\(closeTime)"), "oldestLedger": .number("\(oldest)"),
    ]
    if let found = included[hash] {
      members["status"] = found.fails ? "FAILED" : "SUCCESS"
      members["ledger"] = .number("\(found.ledger)")
      members["envelopeXdr"] = .string(found.envelope)
      members["createdAt"] = .string("\(found.closeTime)")
      let operation = OperationResult.tried(
        .invokeHostFunction, code: found.fails ? -2 : 0,
        found.fails ? .none : .invoked(hash: .zero))
      members["resultXdr"] = .string(
        TransactionResult(
          feeCharged: ScriptedNode.feeCharged,
          outcome: .applied(success: !found.fails, [operation])
        ).base64)
      members["resultMetaXdr"] = .string(
        TransactionMeta(
          operations: [], soroban: SorobanMeta(fees: nil, returnValue: found.fails ? nil : .u32(7))
        ).base64)
    }
    return .object(members)
  }
}
