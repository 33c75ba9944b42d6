import Bytes
import Sodium
import StellarXDR
import Testing

@testable import Devnet

/// `xdrFormat: json`: every member that holds XDR has its JSON form under its other name.
@Suite struct JSONFormatTests {
  private static let json = #""xdrFormat":"json""#

  @Test func everyMethod() async throws {
    try await RPCTests.withDevnet { client in
      let farmer = Bench.pair("farmer")
      try await client.fund(farmer)
      let planted = try await client.call(Bench.plant(farmer, 0), by: farmer)
      let ledger = try #require(planted["ledger"]?.asInt)
      let hash = try #require(planted["txHash"]?.asString)

      let transaction = try await client.result(
        "getTransaction", #"{"hash":"\#(hash)",\#(Self.json)}"#)
      #expect(transaction["envelopeJson"]?["tx"]?["tx"]?["fee"]?.asInt != nil)
      #expect(transaction["resultJson"]?["result"]?["txsuccess"] != nil)
      #expect(
        transaction["resultMetaJson"]?["v4"]?["soroban_meta"]?["return_value"] == .string("void"))
      #expect(transaction["events"]?["transactionEventsJson"]?.asArray?.isEmpty == false)
      #expect(transaction["envelopeXdr"] == nil)

      let key = LedgerKey.account(farmer.publicKey).base64
      let entries = try await client.result(
        "getLedgerEntries", #"{"keys":["\#(key)"],\#(Self.json)}"#)
      let entry = try #require(entries["entries"]?.asArray?.first)
      #expect(
        entry["keyJson"]?["account"]?["account_id"] == .string(StrKey.account(farmer.publicKey)))
      #expect(entry["dataJson"]?["account"]?["balance"]?.asString != nil)
      #expect(entry["extJson"] != nil)

      let envelope = TransactionEnvelope.transaction(
        Transaction(
          source: .account(farmer.publicKey), fee: 100, sequence: 1,
          operations: [Bench.harvest(farmer, 0)]), signatures: [])
      let refused = try await client.result(
        "sendTransaction", #"{"transaction":"\#(envelope.base64)",\#(Self.json)}"#)
      #expect(refused["errorResultJson"]?["result"] != nil)
      let simulation = try await client.result(
        "simulateTransaction", #"{"transaction":"\#(envelope.base64)",\#(Self.json)}"#)
      #expect(simulation["eventsJson"]?.asArray?.isEmpty == false)

      let page = #"{"startLedger":\#(ledger),\#(Self.json)}"#
      let transactions = try await client.result("getTransactions", page)
      #expect(transactions["transactions"]?.asArray?.first?["resultMetaJson"] != nil)
      let ledgers = try await client.result("getLedgers", page)
      let first = try #require(ledgers["ledgers"]?.asArray?.first)
      #expect(first["headerJson"]?["header"]?["ledger_seq"]?.asInt == ledger)
      #expect(first["metadataJson"]?["v2"] != nil)
      let events = try await client.result("getEvents", #"{"startLedger":1000,\#(Self.json)}"#)
      #expect(events["events"]?.asArray?.first?["topicJson"]?.asArray?.isEmpty == false)
      let latest = try await client.result("getLatestLedger", "{\(Self.json)}")
      #expect(latest["headerJson"]?["ledger_version"]?.asInt == 27)
      #expect(try await client.errorCode("getLatestLedger", #"{"xdrFormat":"xml"}"#) == -32_602)
    }
  }
}
