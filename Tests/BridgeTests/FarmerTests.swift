import Bridge
import Testing

@Suite struct FarmerTests {
  static let join: JSON = [
    "pooler": 1, "shareBps": 5000, "stakeBps": 2000, "harvestAfterBlocks": 5,
  ]

  @Test func fromWalletToFarming() async throws {
    try await TestBridge.with { bridge in
      var anna = try await bridge.registered()
      let id = try #require(bridge.pool.id(of: "anna"))
      try bridge.pool.deposit(id, kale: 1_000_000_000, xlm: 50_000_000)
      #expect(try await anna.get("/api/v1/dashboard").json?["status"] == "ready")
      let joined = try await anna.send("POST", "/api/v1/membership", Self.join)
      #expect(joined.status == 200)
      #expect(joined.json == ["pooler": 1, "state": "joined", "shareBps": 5000])
      try bridge.pool.closeBlock(reward: 12_345_678)
      let dashboard = try await anna.get("/api/v1/dashboard")
      #expect(dashboard.json?["status"] == "farming")
      #expect(
        dashboard.json?["rewardsSinceJoining"] == ["stroops": "12345678", "display": "1.2345678"])
      #expect(try await anna.send("POST", "/api/v1/membership", Self.join).status == 409)
    }
  }

  static let refused: [(String, JSON, Int, String)] = [
    (
      "stakeBps", 10100, 422,
      "The stake must be from 0 % to 100 % of the balance; 101 % is not."
    ),
    (
      "stakeBps", -1, 422, "The stake must be from 0 % to 100 % of the balance; -0.01 % is not."
    ),
    ("stakeBps", 12.5, 422, "This must be a whole number."),
    ("stakeBps", "20", 422, "This must be a whole number."),
    ("stakeBps", nil, 422, "This is missing."),
    ("harvestAfterBlocks", 0, 422, "Harvest after 1 to 240 blocks; 0 is not."),
    ("harvestAfterBlocks", 241, 422, "Harvest after 1 to 240 blocks; 241 is not."),
    ("stakeCapStroops", 5, 422, "This must be a text."),
    ("stakeCapStroops", "-5", 422, "This must be an amount in stroops, digits only."),
    ("stakeCapStroops", "+5", 422, "This must be an amount in stroops, digits only."),
    (
      "stakeCapStroops", "9223372036854775808", 422,
      "This must be an amount in stroops, digits only."
    ),
    ("shareBps", 4000, 409, "The pooler's share has changed: look again."),
    ("pooler", 77, 404, "There is no such pooler."),
    ("pooler", 1e300, 422, "This must be a whole number."),
  ]

  @Test(arguments: refused)
  func joiningIsRefusedByField(field: String, value: JSON, status: Int, detail: String)
    async throws
  {
    try await TestBridge.with { bridge in
      var anna = try await bridge.registered()
      var fields = Self.join.object ?? [:]
      fields[field] = value
      let answer = try await anna.send("POST", "/api/v1/membership", .object(fields))
      #expect(answer.status == status)
      #expect(answer.json?["field"]?.string == field)
      #expect(answer.json?["detail"]?.string == detail)
      #expect(try await anna.get("/api/v1/dashboard").json?["membership"] == nil)
    }
  }

  @Test func settingsChangeOneByOne() async throws {
    try await TestBridge.with { bridge in
      var anna = try await bridge.registered()
      func patch(_ body: JSON) async throws -> Answer {
        var browser = anna
        defer { anna = browser }
        return try await browser.send("PATCH", "/api/v1/settings", body)
      }
      #expect(try await patch(["stakeBps": 0]).json?["stakeBps"] == 0)
      let capped = try await patch(["stakeCapStroops": "70000000"])
      #expect(capped.json?["stakeCap"] == ["stroops": "70000000", "display": "7"])
      #expect(capped.json?["stakeBps"] == 0)
      #expect(try await patch(["stakeCapStroops": nil]).json?["stakeCap"] == nil)
      #expect(try await patch(["paused": true]).json?["paused"] == true)
      #expect(try await patch([:]).status == 400)
      let over = try await patch(["stakeBps": 10100])
      #expect(over.status == 422)
      #expect(over.json?["field"] == "stakeBps")
    }
  }

  @Test func thePayoutAddressNeedsThePassword() async throws {
    try await TestBridge.with { bridge in
      var anna = try await bridge.registered()
      let other = String(TestBridge.payout.reversed())
      let address: JSON = .string("G" + other.dropLast())
      let missing = try await anna.send(
        "PATCH", "/api/v1/settings", ["payoutAddress": address])
      #expect(missing.status == 422)
      #expect(missing.json?["field"] == "password")
      let wrong = try await anna.send(
        "PATCH", "/api/v1/settings", ["payoutAddress": address, "password": "wrong password"])
      #expect(wrong.status == 422)
      #expect(wrong.json?["detail"] == "The password is wrong.")
      let right = try await anna.send(
        "PATCH", "/api/v1/settings", ["payoutAddress": address, "password": "correct horse"])
      #expect(right.json?["payoutAddress"] == .string(TestBridge.payout))
      #expect(right.json?["payoutPending"]?["address"] == address)
    }
  }

  @Test func blocksAndRewardsArePaged() async throws {
    try await TestBridge.with { bridge in
      var anna = try await farming(bridge)
      for reward in 1...5 { try bridge.pool.closeBlock(reward: Int64(reward)) }
      let first = try await anna.get("/api/v1/blocks?limit=2")
      #expect(first.json?["rows"]?.array?.map { $0["block"] } == [104, 103])
      #expect(first.json?["next"] == 103)
      let last = try await anna.get("/api/v1/blocks?limit=3&before=103")
      #expect(last.json?["rows"]?.array?.count == 3)
      #expect(last.json?["next"] == nil)
      let rewards = try await anna.get("/api/v1/rewards?limit=1")
      #expect(rewards.json?["total"]?["stroops"] == "15")
      #expect(rewards.json?["rows"]?[0]?["poolerShare"]?["stroops"] == "2")
      for bad in ["limit=0", "limit=201", "limit=x", "before=-1", "before=4294967296"] {
        let answer = try await anna.get("/api/v1/blocks?" + bad)
        #expect(answer.status == 422, "\(bad)")
        #expect(answer.json?["field"]?.string == String(bad.split(separator: "=")[0]))
      }
    }
  }

  @Test func theStatementAsCSVHasEveryRowAndNoFormula() async throws {
    try await TestBridge.with { bridge in
      var anna = try await farming(bridge)
      for _ in 0..<600 { try bridge.pool.closeBlock(reward: 1) }
      let answer = try await anna.get("/api/v1/statement.csv")
      #expect(answer["Content-Type"] == "text/csv; charset=utf-8")
      #expect(answer["Content-Disposition"]?.contains("attachment") == true)
      let lines = answer.text.split(separator: "\r\n", omittingEmptySubsequences: false)
      // A header, two deposits, two postings a block, and nothing after the last line's end.
      #expect(lines.count == 1204)
      #expect(lines[0] == "id,time,kind,asset,amount,balance,block,text,transaction")
      #expect(
        lines[1] == "1,2026-11-23T16:46:40Z,deposit,KALE,100,100,,Received,"
          || lines[1].hasSuffix("deposit,KALE,100,100,,Received,"))
      #expect(lines[4].hasSuffix("fee,XLM,-0.00003,4.99997,,\"'=fees, \"\"all\"\" of block 100\","))
      let page = try await anna.get("/api/v1/statement?after=2&limit=1")
      #expect(page.json?["rows"]?[0]?["id"] == 3)
      #expect(page.json?["next"] == 3)
    }
  }

  @Test func leavingWithPreviewPasswordAndAWayBack() async throws {
    try await TestBridge.with { bridge in
      var anna = try await farming(bridge)
      try bridge.pool.closeBlock(reward: 7)
      let preview = try await anna.get("/api/v1/leave/preview")
      #expect(preview.json?["poolerShare"]?["stroops"] == "3")
      #expect(preview.json?["farmerShare"]?["stroops"] == "1000000004")
      let wrong = try await anna.send("POST", "/api/v1/leave", ["password": "wrong password"])
      #expect(wrong.status == 422)
      #expect(wrong.json?["field"] == "password")
      #expect(try await anna.get("/api/v1/dashboard").json?["status"] == "farming")
      let left = try await anna.send("POST", "/api/v1/leave", ["password": "correct horse"])
      #expect(left.status == 202)
      #expect(left.json?["phase"] == "requested")
      #expect(try await anna.get("/api/v1/dashboard").json?["status"] == "leaving")
      #expect(try await anna.send("DELETE", "/api/v1/leave").status == 204)
      #expect(try await anna.get("/api/v1/dashboard").json?["status"] == "farming")
      #expect(try await anna.send("DELETE", "/api/v1/leave").status == 409)
    }
  }

  private func farming(_ bridge: TestBridge) async throws -> Browser {
    var anna = try await bridge.registered()
    let id = try #require(bridge.pool.id(of: "anna"))
    try bridge.pool.deposit(id, kale: 1_000_000_000, xlm: 50_000_000)
    let answer = try await anna.send("POST", "/api/v1/membership", Self.join)
    #expect(answer.status == 200)
    return anna
  }
}
