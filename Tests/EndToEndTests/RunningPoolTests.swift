import Foundation
import SecureChannel
import StellarClient
import Testing

extension EndToEnd {
  /// One pool, and everything that may be tried on it while it runs.
  @Suite(.timeLimit(.minutes(6))) struct Running {
    @Test func refusesBadInputAndStopsOnInterrupt() async throws {
      let pool = try await RunningPool()
      do {
        try await refusesBadFarmerInput(pool)
        try await refusesBadOperator(pool)
        try await refusesBadAgents(pool)
        try await answersTheOperator(pool)
      } catch {
        pool.program.interrupt()
        throw error
      }
      try await pool.stop()
    }

    private func refusesBadFarmerInput(_ pool: RunningPool) async throws {
      let cookie = try await pool.logIn()
      let stake = try await pool.send(
        "PATCH", "/api/v1/settings", #"{"stakeBps": 10100}"#, cookie: cookie)
      #expect(stake.status == 422 && stake.text.contains(#""field":"stakeBps""#), "\(stake.text)")

      let address = BadInput.issuer.dropLast() + "A"
      let payout = try await pool.send(
        "POST", "/api/v1/farmers",
        """
        {"handle": "mallory", "password": "long enough it is", "custodyAccepted": true,
        "payoutAddress": "\(address)"}
        """)
      #expect(
        payout.status == 422 && payout.text.contains(#""field":"payoutAddress""#),
        "\(payout.text)")
    }

    private func refusesBadOperator(_ pool: RunningPool) async throws {
      let stranger = try await Program.kalepool.run(
        ["agents", "--url", pool.url],
        environment: ["KALEPOOL_OPERATOR_TOKEN": String(repeating: "0", count: 64)])
      #expect(stranger.problem.contains("--data"), "\(stranger)")

      let share = try await Program.kalepool.run([
        "pooler", "add", "--name", "x", "--wallet", BadInput.issuer, "--share-bps", "10100",
        "--url", pool.url, "--data", try pool.data,
      ])
      #expect(share.problem.count > 30, "\(share)")
      let nobody = try await Program.kalepool.run([
        "enrol", "--pooler", "999", "--url", pool.url, "--data", try pool.data,
      ])
      #expect(nobody.problem.count > 30, "\(nobody)")
    }

    private func refusesBadAgents(_ pool: RunningPool) async throws {
      let keys = try ScratchFolder()
      let address = "127.0.0.1:" + (try pool.coordinatorOption("--agent-port"))
      let key = try String(contentsOfFile: try pool.data + "/keys/server.pub", encoding: .utf8)
        .trimmingCharacters(in: .whitespacesAndNewlines)
      func agent(key: String, token: String?, keys folder: String) async throws
        -> RunningProgram.Result
      {
        try await Program.agent.run(
          ["--coordinator", address, "--server-key", key, "--keys", keys.path + "/" + folder]
            + (token.map { ["--token", $0] } ?? []))
      }
      let token = EnrolmentToken().text

      let wrongKey = try await agent(
        key: StaticKeyPair(owner: .server).publicText, token: token, keys: "1")
      #expect(wrongKey.problem.count > 30, "\(wrongKey)")
      let malformedKey = try await agent(key: String(key.dropLast()), token: token, keys: "2")
      #expect(malformedKey.problem.count > 30, "\(malformedKey)")
      let unknownToken = try await agent(key: key, token: token, keys: "3")
      #expect(unknownToken.problem.count > 30, "\(unknownToken)")
      let malformedToken = try await agent(key: key, token: "E" + token, keys: "4")
      #expect(malformedToken.problem.count > 30, "\(malformedToken)")
      let notEnrolled = try await agent(key: key, token: nil, keys: "5")
      #expect(notEnrolled.problem.count > 30, "\(notEnrolled)")
    }

    private func answersTheOperator(_ pool: RunningPool) async throws {
      let options = ["--url", pool.url, "--data", try pool.data]
      let agents = try await Program.kalepool.run(["agents"] + options)
      #expect(agents.status == 0 && agents.output.split(separator: "\n").count == 2, "\(agents)")
      let poolers = try await Program.kalepool.run(["pooler", "list", "--json"] + options)
      #expect(poolers.status == 0 && poolers.output.contains(#""name":"Demo pooler""#))
      let audit = try await Program.kalepool.run(["audit", "--json"] + options)
      #expect(audit.status == 0 && audit.output.contains(#""differences":[]"#), "\(audit)")
    }
  }
}
