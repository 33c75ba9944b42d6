import Bytes
import KaleRules
import StellarXDR

/// The devnet's own methods, for demos and tests; no real node has them.
extension RPCMethods {
  /// Ledgers closed by one call of `devnet_advance` at most.
  private static let advanceMax: Int64 = 100_000

  /// `{address, amount}`: KALE from the homesteader, in a real payment; answers when it is in a ledger.
  func grantKale(_ parameters: RPCParameters) async throws(RPCFailure) -> JSON {
    guard let account: AccountID = StrKey.account(try parameters.string("address")) else {
      throw .invalidParams("address must be a G… address")
    }
    guard let amount = Int64(try parameters.string("amount")), amount > 0 else {
      throw .invalidParams("amount must be a number of stroops in a string, 1 or more")
    }
    guard let gift = await node.chain.grantKale(amount, to: account) else {
      throw .invalidRequest(
        "the account cannot receive that much KALE: does it exist and have a trustline?")
    }
    return .object(["hash": .string("\(gift.hash)"), "ledger": .number(gift.ledger)])
  }

  /// `{ledgers}`: closes so many at once, 1 by default.
  func advance(_ parameters: RPCParameters) async throws(RPCFailure) -> JSON {
    let count = parameters["ledgers"] == nil ? 1 : parameters["ledgers"]?.asInt ?? 0
    guard (1...Self.advanceMax).contains(count) else {
      throw .invalidParams("ledgers must be a number within 1 and \(Self.advanceMax)")
    }
    for _ in 0..<count { await node.chain.close() }
    let window = await node.chain.read { Window($0) }
    return .object(window.json)
  }

  func state() async -> JSON {
    let figures = await node.chain.read { Figures($0) }
    let faults = await node.chain.faults
    let speed = await node.chain.speed
    return .object([
      "ledger": .number(figures.ledger), "closeTime": .text(figures.closeTime),
      "ledgerSeconds": .int(Int64(settings.ledgerSeconds)),
      "blockSeconds": .int(Int64(settings.blockSeconds)),
      "speed": speed.map { .double($0) } ?? .null,
      "contracts": contracts, "farmIndex": .number(figures.farm?.index.rawValue ?? 0),
      "farmPaused": .bool(figures.farm?.isPaused ?? false),
      "blockOpenedAt": .text(figures.farm?.farmBlock.timestamp ?? 0),
      "blockDueAt": .text((figures.farm?.farmBlock.timestamp ?? 0) + settings.blockSeconds),
      "entries": .int(Int64(figures.entries)), "waiting": .int(Int64(figures.waiting)),
      "outsideFarmers": .int(Int64(settings.outside.farmers)),
      "transactions": .int(Int64(figures.transactions)),
      "failed": .int(Int64(figures.failed)), "node": .int(Int64(node.number)),
      "nodes": .array(
        settings.nodes.enumerated().map { at, place in
          .object(["node": .int(Int64(at + 1)), "lagLedgers": .number(place.lagLedgers)])
        }), "faults": Self.json(faults),
    ])
  }

  /// Where everything is, for clients that do not know this network.
  private var contracts: JSON {
    func text(_ id: Bytes32) -> JSON { .string(StrKey.contract(id)) }
    return .object([
      "farm": text(network.farmContract), "kale": text(network.assetContract),
      "xlm": text(network.xlmContract), "split": network.splitContract.map(text) ?? .null,
      "kaleAsset": .string(network.asset.description),
    ])
  }

  private struct Figures: Sendable {
    let ledger: UInt32
    let closeTime: UInt64
    let farm: FarmInstance?
    let entries: Int
    let waiting: Int
    let transactions: Int
    let failed: Int

    init(_ ledger: borrowing DevnetLedger) {
      self.ledger = ledger.latest.sequence
      closeTime = ledger.latest.closeTime
      farm = ledger.farm
      entries = ledger.state.entries.count
      waiting = ledger.queue.count
      transactions = ledger.transactionsApplied
      failed = ledger.transactionsFailed
    }
  }
}
