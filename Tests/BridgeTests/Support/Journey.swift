import Testing

/// A farmer's and an operator's whole way through the API, each answer under `method path`.
struct Journey {
  let bridge: TestBridge

  func run() async throws -> [(String, Answer)] {
    var answers: [(String, Answer)] = []
    var anna = bridge.browser()
    func note(_ method: String, _ path: String, _ answer: Answer) {
      answers.append(("\(method.lowercased()) \(path)", answer))
    }
    for path in ["pool", "custody-notice", "poolers", "openapi.json"] {
      note("GET", "/api/v1/" + path, try await anna.get("/api/v1/" + path))
    }
    note(
      "POST", "/api/v1/farmers",
      try await anna.send(
        "POST", "/api/v1/farmers",
        [
          "handle": "Anna@example.org", "password": "correct horse",
          "payoutAddress": .string(TestBridge.payout), "custodyAccepted": true,
        ]))
    let id = try #require(bridge.pool.id(of: "anna@example.org"))
    try bridge.pool.deposit(id, kale: 1_000_000_000, xlm: 50_000_000)
    for (method, path, body) in Self.farmerSteps {
      note(method, path, try await anna.send(method, path, body))
      if path == "/api/v1/membership" {
        for reward in 1...3 { try bridge.pool.closeBlock(reward: Int64(reward) * 12_345_671) }
      }
    }
    for (method, path, body) in Self.operatorSteps {
      var operating = bridge.browser()
      note(
        method, path,
        try await operating.send(
          method, path.replacing("{id}", with: "1"), body,
          headers: ["Authorization": "Bearer " + TestBridge.operatorToken]))
    }
    return answers
  }

  private static let farmerSteps: [(String, String, JSON?)] = [
    (
      "POST", "/api/v1/session", ["handle": "anna@example.org", "password": "correct horse"]
    ),
    ("GET", "/api/v1/session", nil),
    ("GET", "/api/v1/dashboard", nil),
    (
      "POST", "/api/v1/membership",
      [
        "pooler": 1, "shareBps": 5000, "stakeBps": 2000, "harvestAfterBlocks": 5,
        "stakeCapStroops": "99",
      ]
    ),
    ("PATCH", "/api/v1/settings", ["stakeBps": 2500, "stakeCapStroops": "500000000"]),
    (
      "PATCH", "/api/v1/settings",
      ["payoutAddress": .string(TestBridge.payout), "password": "correct horse"]
    ),
    ("GET", "/api/v1/dashboard", nil),
    ("GET", "/api/v1/blocks", nil),
    ("GET", "/api/v1/rewards", nil),
    ("GET", "/api/v1/statement", nil),
    ("GET", "/api/v1/statement.csv", nil),
    ("GET", "/api/v1/leave/preview", nil),
    ("POST", "/api/v1/leave", ["password": "correct horse"]),
    ("GET", "/api/v1/dashboard", nil),
    ("DELETE", "/api/v1/leave", nil),
    ("DELETE", "/api/v1/membership", nil),
    (
      "PUT", "/api/v1/password",
      ["currentPassword": "correct horse", "newPassword": "battery staple"]
    ),
    ("DELETE", "/api/v1/session", nil),
  ]

  private static let operatorSteps: [(String, String, JSON?)] = [
    ("GET", "/api/v1/operator/agents", nil),
    ("GET", "/api/v1/operator/blocks", nil),
    ("GET", "/api/v1/operator/money", nil),
    ("GET", "/api/v1/operator/poolers", nil),
    ("POST", "/api/v1/operator/audits", nil),
    (
      "POST", "/api/v1/operator/poolers",
      [
        "name": "Second", "walletAddress": .string(TestBridge.payout), "shareBps": 4000,
        "maxFarmers": 20,
      ]
    ),
    ("POST", "/api/v1/operator/poolers/{id}/enrolment-tokens", nil),
    ("GET", "/api/v1/operator/pooler-standings", nil),
    ("GET", "/api/v1/operator/plan", nil),
    ("POST", "/api/v1/operator/poolers/{id}/reinstatements", nil),
    ("POST", "/api/v1/operator/poolers/{id}/bond-releases", ["amountStroops": "5"]),
    ("POST", "/api/v1/operator/agents/{id}/approval", nil),
    ("POST", "/api/v1/operator/agents/{id}/revocation", nil),
  ]
}
