import Bytes
import Foundation
import FoundationNetworking
import Logging
import Sodium
import StellarXDR
import Testing

@testable import Devnet

/// Foundation has one as well.
private typealias Operation = StellarXDR.Operation

/// The server over real HTTP.
@Suite struct RPCTests {
  /// Runs a devnet without timer on a free port while `body` runs.
  static func withDevnet(
    isManual: Bool = true, change: (inout DevnetSettings) -> Void = { _ in },
    _ body: (Client) async throws -> Void
  ) async throws {
    var settings = DevnetSettings()
    settings.port = 0
    settings.isManual = isManual
    settings.speed = 500  // counts only where ledgers close by themselves
    settings.genesisTime = Bench.genesisTime
    change(&settings)
    var logger = Logger(label: "test")
    logger.logLevel = .error
    let devnet = try Devnet(settings, logger: logger)
    let running = Task { try await devnet.run() }
    let client = Client(port: try await devnet.boundPort())
    do {
      try await body(client)
    } catch {
      running.cancel()
      throw error
    }
    running.cancel()
    _ = await running.result
  }

  struct Client {
    let port: Int

    func http(_ request: URLRequest) async throws -> (status: Int, body: JSON?) {
      let (data, response) = try await URLSession.shared.data(for: request)
      let status = (response as? HTTPURLResponse)?.statusCode ?? 0
      return (status, JSON(parsing: data))
    }

    func request(_ method: String = "POST", _ path: String = "/", body: String? = nil)
      -> URLRequest
    {
      var request = URLRequest(url: URL(string: "http://127.0.0.1:\(port)\(path)")!)  // constant
      request.httpMethod = method
      if let body {
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        request.httpBody = Data(body.utf8)
      }
      return request
    }

    /// The whole answer.
    func answer(_ method: String, _ params: String = "{}") async throws -> JSON {
      let body = #"{"jsonrpc":"2.0","id":7,"method":"\#(method)","params":\#(params)}"#
      let (status, json) = try await http(request(body: body))
      #expect(status == 200)
      let answer = try #require(json)
      #expect(answer["id"] == .int(7))
      return answer
    }

    func result(_ method: String, _ params: String = "{}") async throws -> JSON {
      let answer = try await answer(method, params)
      return try #require(answer["result"], "\(answer)")
    }

    func errorCode(_ method: String, _ params: String = "{}") async throws -> Int64? {
      try await answer(method, params)["error"]?["code"]?.asInt
    }

    func fund(_ pair: Ed25519KeyPair) async throws {
      let (status, _) = try await http(
        request("GET", "/friendbot?addr=\(StrKey.account(pair.publicKey))"))
      #expect(status == 200)
    }

    func account(_ id: AccountID) async throws -> AccountEntry? {
      let result = try await result(
        "getLedgerEntries", #"{"keys":["\#(LedgerKey.account(id).base64)"]}"#)
      guard let xdr = result["entries"]?.asArray?.first?["xdr"]?.asString,
        case .account(let entry) = try LedgerEntryData(base64: xdr)
      else { return nil }
      return entry
    }

    /// Simulates, assembles, signs, sends and closes a ledger.
    func call(_ operation: StellarXDR.Operation, by pair: Ed25519KeyPair) async throws -> JSON {
      let entry = try #require(try await account(pair.publicKey))
      var transaction = Transaction(
        source: .account(pair.publicKey), fee: 100, sequence: entry.sequence + 1,
        operations: [operation])
      if operation.isSoroban {
        let draft = TransactionEnvelope.transaction(transaction, signatures: [])
        let simulation = try await result(
          "simulateTransaction", #"{"transaction":"\#(draft.base64)"}"#)
        let data = try SorobanTransactionData(
          base64: try #require(simulation["transactionData"]?.asString, "\(simulation)"))
        #expect(simulation["minResourceFee"] == .string("\(data.resourceFee)"))
        let auth = try (simulation["results"]?.asArray?.first?["auth"]?.asArray ?? []).map {
          try SorobanAuthorizationEntry(base64: try #require($0.asString))
        }
        if case .invokeHostFunction(let function, _) = operation.body {
          transaction.operations[0].body = .invokeHostFunction(function, auth: auth)
        }
        transaction.sorobanData = data
        transaction.fee += UInt32(data.resourceFee)
      }
      let networkID = KaleNetwork.devnet.networkID
      let signed = transaction.signed(by: [pair], networkID: networkID)
      let sent = try await result("sendTransaction", #"{"transaction":"\#(signed.base64)"}"#)
      #expect(sent["status"] == .string("PENDING"), "\(sent)")
      let hash = signed.hash(networkID: networkID)
      #expect(sent["hash"] == .string("\(hash)"))
      let early = try await result("getTransaction", #"{"hash":"\#(hash)"}"#)
      #expect(early["status"] == .string("NOT_FOUND"))
      #expect(early["createdAt"] == .string("0"))
      _ = try await result("devnet_advance")
      return try await result("getTransaction", #"{"hash":"\#(hash)"}"#)
    }
  }

  @Test func aFarmersFirstBlock() async throws {
    try await Self.withDevnet { client in
      let farmer = Bench.pair("farmer")
      try await client.fund(farmer)
      #expect(try await client.account(farmer.publicKey)?.balance == 100_000_000_000)
      let trust = try await client.call(
        Operation(.changeTrust(.asset(Bench.network.asset), limit: .max)), by: farmer)
      #expect(trust["status"] == .string("SUCCESS"))
      let address = StrKey.account(farmer.publicKey)
      let grant = try await client.result(
        "devnet_grantKale", #"{"address":"\#(address)","amount":"1000"}"#)
      #expect(grant["hash"]?.asString?.count == 64)
      let planted = try await client.call(Bench.plant(farmer, 400), by: farmer)
      #expect(planted["status"] == .string("SUCCESS"))
      let meta = try TransactionMeta(
        base64: try #require(planted["resultMetaXdr"]?.asString))
      #expect(meta.returnValue == .void)
      #expect(planted["events"]?["contractEventsXdr"]?.asArray?.first?.asArray?.count == 1)
      #expect(planted["feeBump"] == .bool(false))

      // The deposit and the burn are seen by getEvents.
      let latest = try #require(planted["ledger"]?.asInt)
      let filter =
        #"{"startLedger":1000,"filters":[{"type":"contract","contractIds":["\#(StrKey.contract(Bench.network.assetContract))"],"topics":[["*","*","\#(Bench.address(farmer).base64)","*"],["*","\#(Bench.address(farmer).base64)","**"]]}]}"#
      let events = try #require(try await client.result("getEvents", filter)["events"]?.asArray)
      let topics = try events.map {
        try SCVal(base64: try #require($0["topic"]?.asArray?.first?.asString))
      }
      #expect(topics == [.symbol("transfer"), .symbol("burn")])
      #expect(events.last?["ledger"]?.asInt == latest)

      let state = try await client.result("devnet_state")
      #expect(state["farmIndex"] == .int(0))
      #expect(state["ledger"]?.asInt == latest)
    }
  }

  @Test func eventsPageByCursor() async throws {
    try await Self.withDevnet { client in
      for name in ["a", "b", "c"] { try await client.fund(Bench.pair(name)) }
      var seen: [String] = []
      var page = try await client.result(
        "getEvents", #"{"startLedger":1000,"pagination":{"limit":2}}"#)
      for _ in 0..<5 {
        seen += (page["events"]?.asArray ?? []).compactMap { $0["id"]?.asString }
        let cursor = try #require(page["cursor"]?.asString)
        page = try await client.result(
          "getEvents", #"{"pagination":{"limit":2,"cursor":"\#(cursor)"}}"#)
      }
      #expect(seen.count == 3)
      #expect(seen == seen.sorted())
      // What comes later is found from the last cursor.
      let cursor = try #require(page["cursor"]?.asString)
      try await client.fund(Bench.pair("d"))
      page = try await client.result("getEvents", #"{"pagination":{"cursor":"\#(cursor)"}}"#)
      #expect(page["events"]?.asArray?.count == 1)
      let transactions = try await client.result("getTransactions", #"{"startLedger":1000}"#)
      #expect(transactions["transactions"]?.asArray?.count == 4)
      let ledgers = try await client.result(
        "getLedgers", #"{"startLedger":1000,"pagination":{"limit":3}}"#)
      #expect(ledgers["ledgers"]?.asArray?.count == 3)
      #expect(ledgers["cursor"] == .string("1002"))
    }
  }

  @Test func plainMethods() async throws {
    try await Self.withDevnet { client in
      let health = try await client.result("getHealth")
      #expect(health["status"] == .string("healthy"))
      #expect(health["latestLedgerCloseTime"] == .string("\(Bench.genesisTime)"))
      let network = try await client.result("getNetwork")
      #expect(network["passphrase"] == .string(KaleNetwork.devnet.passphrase))
      #expect(
        network["friendbotUrl"] == .string("http://127.0.0.1:\(client.port)/friendbot"))
      let ledger = try await client.result("getLatestLedger", "null")
      #expect(ledger["sequence"] == .int(1_000))
      let header = try LedgerHeader(base64: try #require(ledger["headerXdr"]?.asString))
      #expect("\(header.hash)" == ledger["id"]?.asString)
      let fees = try await client.result("getFeeStats")
      #expect(fees["sorobanInclusionFee"]?["p99"] == .string("0"))
      #expect(try await client.result("getVersionInfo")["protocolVersion"] == .int(27))
    }
  }

  @Test func badRequests() async throws {
    try await Self.withDevnet { client in
      #expect(try await client.errorCode("getNothing") == -32_601)
      #expect(try await client.errorCode("getHealth", "[]") == -32_602)
      #expect(try await client.errorCode("getTransaction", #"{"hash":"00"}"#) == -32_602)
      #expect(try await client.errorCode("getLedgerEntries", #"{"keys":[]}"#) == -32_602)
      #expect(try await client.errorCode("getLedgerEntries", #"{"keys":["AAAA"]}"#) == -32_602)
      #expect(try await client.errorCode("sendTransaction", #"{"transaction":"AAAA"}"#) == -32_602)
      #expect(try await client.errorCode("getEvents", #"{"startLedger":1}"#) == -32_600)
      #expect(try await client.errorCode("getEvents", "{}") == -32_602)
      #expect(try await client.errorCode("getLatestLedger", #"{"xdrFormat":"xml"}"#) == -32_602)
      #expect(
        try await client.errorCode("devnet_grantKale", #"{"address":"G","amount":"1"}"#) == -32_602)
      let key = LedgerKey.account(DevnetKeys.issuer.publicKey).base64
      #expect(
        try await client.errorCode("getLedgerEntries", #"{"keys":["\#(key)","\#(key)"]}"#)
          == -32_603)

      let parse = try await client.http(client.request(body: "{"))
      #expect(parse.body?["error"]?["code"] == .int(-32_700))
      let batch = try await client.http(
        client.request(
          body: #"[{"jsonrpc":"2.0","id":1,"method":"getNetwork"},{"jsonrpc":"2.0","id":2}]"#))
      #expect(batch.body?.asArray?.count == 2)
      #expect(batch.body?.asArray?.last?["error"]?["code"] == .int(-32_600))
      #expect(try await client.http(client.request("GET")).status == 405)
      var text = client.request(body: "{}")
      text.setValue("text/plain", forHTTPHeaderField: "Content-Type")
      #expect(try await client.http(text).status == 415)
      let large = String(repeating: " ", count: RPCServer.bodyBytesMax + 1)
      #expect(try await client.http(client.request(body: large)).status == 413)
    }
  }

  @Test func friendbotRefusesTwice() async throws {
    try await Self.withDevnet { client in
      let pair = Bench.pair("a")
      try await client.fund(pair)
      let again = client.request("GET", "/friendbot?addr=\(StrKey.account(pair.publicKey))")
      #expect(try await client.http(again).status == 400)
      #expect(try await client.http(client.request("GET", "/friendbot?addr=x")).status == 400)
    }
  }

  /// Many ask at once: their gifts share ledgers.
  @Test func manyGifts() async throws {
    try await Self.withDevnet { client in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for at in 0..<40 { group.addTask { try await client.fund(Bench.pair("many \(at)")) } }
        try await group.waitForAll()
      }
      #expect(try await client.account(Bench.pair("many 39").publicKey) != nil)
    }
  }

  @Test func errorsOfTransactionsAreTold() async throws {
    try await Self.withDevnet { client in
      let pair = Bench.pair("a")
      try await client.fund(pair)
      let envelope = Transaction(
        source: .account(pair.publicKey), fee: 100, sequence: 1,
        operations: [Operation(.bumpSequence(to: 5))]
      ).signed(by: [pair], networkID: KaleNetwork.devnet.networkID)
      let sent = try await client.result(
        "sendTransaction", #"{"transaction":"\#(envelope.base64)"}"#)
      #expect(sent["status"] == .string("ERROR"))
      let result = try TransactionResult(
        base64: try #require(sent["errorResultXdr"]?.asString))
      #expect(result.code == .badSequence)
      let plant = TransactionEnvelope.transaction(
        Transaction(
          source: .account(pair.publicKey), fee: 100, sequence: 1,
          operations: [Bench.plant(pair, 5)]), signatures: [])
      let simulation = try await client.result(
        "simulateTransaction", #"{"transaction":"\#(plant.base64)"}"#)
      #expect(
        simulation["error"]?.asString?.hasPrefix("HostError: Error(Contract, #13)") == true)
    }
  }

  @Test func ledgersCloseByThemselves() async throws {
    try await Self.withDevnet(isManual: false) { client in
      let pair = Bench.pair("a")
      // The friendbot answers once a ledger has closed.
      try await client.fund(pair)
      #expect(try await client.account(pair.publicKey) != nil)
    }
  }

  @Test func aBusyPortIsSaid() async throws {
    try await Self.withDevnet { client in
      var settings = DevnetSettings()
      settings.port = client.port
      var logger = Logger(label: "test")
      logger.logLevel = .critical
      let second = try Devnet(settings, logger: logger)
      let error = await #expect(throws: DevnetError.self) { try await second.run() }
      #expect(error?.code == .portInUse)
      #expect(error?.message.contains("another port") == true)
    }
  }

  @Test func badSettings() throws {
    var settings = DevnetSettings()
    settings.speed = 0
    #expect(throws: DevnetError.self) { try Devnet(settings, logger: Logger(label: "test")) }
  }
}
