import Bytes
import JSON
import KaleRules
package import StellarXDR

/// Checks step by step whether a pool can run on a network's nodes. It reads only: nothing is sent.
package struct NodeDoctor: Sendable {
  let network: KaleNetwork
  let http: HTTPClient
  let endpoints: [String]
  /// This machine's clock, Unix seconds.
  let now: @Sendable () -> Int64

  /// Ledgers of history that a pool needs at least: a restart after hours looks that far back.
  private static let historyMin: UInt32 = 720
  /// The public network's own: a day of ledgers, in which pails live.
  private static let historyGood: UInt32 = 17_280
  private static let clockSecondsMax: Int64 = 30
  private static let latencyGood = Duration.milliseconds(750)

  package init(
    network: KaleNetwork, endpoints: [String], http: HTTPClient = HTTPClient(),
    now: @escaping @Sendable () -> Int64
  ) {
    self.network = network
    self.endpoints = endpoints
    self.http = http
    self.now = now
  }

  /// Looks at each node, then at all together; tells of each finding as it comes.
  package func run(_ tell: (Finding) -> Void) async {
    var farms: [(endpoint: String, farm: FarmState)] = []
    for endpoint in endpoints {
      let rpc = RPCClient(RPCSettings(endpoints: [endpoint]), http: http)
      func find(_ step: String, _ level: Finding.Level, _ text: String) {
        tell(Finding(endpoint, step, level, text))
      }
      guard await isReachable(rpc, find) else { continue }
      await checkLedgers(rpc, find)
      if let farm = await checkFarm(rpc, find) { farms.append((endpoint, farm)) }
      await checkSplit(rpc, find)
      await checkLimits(rpc, find)
      await checkMethods(rpc, find)
      let latency = rpc.nodes[0].latency
      find(
        "speed", latency <= Self.latencyGood ? .ok : .warning,
        "answers take \(latency.milliseconds) ms"
          + (latency <= Self.latencyGood ? "" : ": choose a node nearer to this machine"))
    }
    checkAgreement(farms) { tell(Finding(nil, $0, $1, $2)) }
  }

  private typealias Find = (String, Finding.Level, String) -> Void

  // MARK: - One node

  private func isReachable(_ rpc: RPCClient, _ find: Find) async -> Bool {
    do throws(RPCError) {
      let answer = try await rpc.getNetwork()
      guard answer.passphrase == network.passphrase else {
        find(
          "network", .failure,
          "it is a node of “\(answer.passphrase)”, not of \(network.name): change --network or --rpc"
        )
        return false
      }
      find(
        "network", .ok,
        "\(network.name), protocol \(answer.protocolVersion), \(try await rpc.getVersion())")
      return true
    } catch {
      find("network", .failure, "no answer: \(error). Is the address right, and the node up?")
      return false
    }
  }

  private func checkLedgers(_ rpc: RPCClient, _ find: Find) async {
    do throws(RPCError) {
      let health = try await rpc.getHealth()
      let age = now() - Int64(health.latest.closeTime)
      let isFresh = abs(age) <= Self.clockSecondsMax
      find(
        "ledgers", isFresh ? .ok : .warning,
        "ledger \(health.latest.sequence) closed \(age) s ago by this machine's clock"
          + (isFresh
            ? "" : ": is the node behind, or the clock wrong? Times are taken from ledgers"))
      let kept = health.latest.sequence.rawValue - health.oldestLedger.rawValue
      let window = max(kept, health.retentionWindow)
      find(
        "history",
        window < Self.historyMin ? .failure : window < Self.historyGood ? .warning : .ok,
        "\(kept) ledgers are there, \(health.retentionWindow) are kept"
          + (window < Self.historyGood
            ? ": after a longer stop transactions cannot be looked up; choose a node that keeps a day"
            : ""))
    } catch {
      find("ledgers", .failure, "the node is not healthy: \(error)")
    }
  }

  private func checkFarm(_ rpc: RPCClient, _ find: Find) async -> FarmState? {
    do throws(RPCError) {
      let farm = try await KaleReader(rpc, network: network).farm()
      let isOurs = farm.instance.asset == network.assetContract
      find(
        "farm", isOurs ? (farm.instance.isPaused ? .warning : .ok) : .failure,
        "block \(farm.index), opened \(now() - Int64(farm.instance.farmBlock.timestamp)) s ago"
          + (farm.instance.isPaused ? "; the farm is paused: nobody can plant" : "")
          + (isOurs ? "" : "; it farms another asset than KALE: this version does not know it"))
      return farm
    } catch {
      find("farm", .failure, "the KALE contract cannot be read: \(error)")
      return nil
    }
  }

  private func checkSplit(_ rpc: RPCClient, _ find: Find) async {
    guard let contract = network.splitContract else {
      return find(
        "split", .failure,
        "no split contract is known on \(network.name): deploy it and pass --split-contract C…")
    }
    do throws(RPCError) {
      let key = LedgerKey.instance(of: contract)
      let isThere = try await rpc.getLedgerEntries([key])[key] != nil
      find(
        "split", isThere ? .ok : .failure,
        "\(StrKey.contract(contract))"
          + (isThere ? "" : " is not on the ledger: deploy it, or pass the right --split-contract"))
    } catch {
      find("split", .failure, "the split contract cannot be read: \(error)")
    }
  }

  private func checkLimits(_ rpc: RPCClient, _ find: Find) async {
    do throws(RPCError) {
      let limits = try await rpc.getNetworkLimits()
      let missing = limits.missing.map { "\($0)" }.joined(separator: ", ")
      find(
        "limits", missing.isEmpty ? .ok : .warning,
        "a ledger takes \(limits.farmWritesMax) plants and works, pails live"
          + " \(limits.temporaryTTLMin) ledgers"
          + (missing.isEmpty
            ? "" : "; defaults are used for what the node does not tell: \(missing)"))
      let fees = try await rpc.getFeeStats().soroban
      find(
        "fees", .ok,
        "inclusion costs others \(fees.p50) stroops, nine in ten at most \(fees.p90)")
    } catch {
      find("limits", .warning, "limits and prices cannot be read, defaults are used: \(error)")
    }
  }

  private func checkMethods(_ rpc: RPCClient, _ find: Find) async {
    let hashes = (1...2).map { Bytes32([UInt8](repeating: $0, count: 32))! }  // 32 bytes
    do throws(RPCError) {
      let calls = hashes.map { JSONValue.object(["hash": .string("\($0)")]) }
      let answers = try await rpc.batch("getTransaction", calls)
      let isWhole = answers.allSatisfy { if case .success = $0 { true } else { false } }
      find(
        "batches", isWhole ? .ok : .warning,
        isWhole ? "several calls go in one request" : "batches are answered in part only")
    } catch {
      find(
        "batches", .warning,
        "no batches are taken, so each transaction is looked up alone: \(error)")
    }
    do throws(RPCError) {
      let latest = try await rpc.getLatestLedger().sequence
      let filter = EventFilter(
        contracts: [network.assetContract], topics: [[.symbol("transfer"), nil, nil, nil]])
      let page = try await rpc.getEvents([filter], from: .ledger(latest), limit: 10)
      find("events", .ok, "deposits can be seen, up to ledger \(page.latestLedger)")
    } catch {
      find("events", .failure, "getEvents is not served, so no deposit would be seen: \(error)")
    }
    await checkSimulation(rpc, find)
  }

  /// A plant of nothing by the asset's issuer, who exists everywhere; only whether it can be tried
  /// counts, not what comes out.
  private func checkSimulation(_ rpc: RPCClient, _ find: Find) async {
    guard let issuer = network.asset.issuer else { return }
    let plant = Transaction(
      source: .account(issuer), fee: 100, sequence: 1,
      operations: [KaleCalls(network).plant(issuer, stake: 0)])
    do throws(RPCError) {
      switch try await rpc.simulate(plant, on: network) {
      case .success(let simulation):
        find("simulation", .ok, "a plant would cost \(simulation.resourceFee) stroops of resources")
      case .failure(let failure):
        find("simulation", .ok, "served; a plant of the issuer's would fail: \(failure)")
      }
    } catch {
      find("simulation", .failure, "simulateTransaction is not served: \(error)")
    }
  }

  // MARK: - All together

  private func checkAgreement(
    _ farms: [(endpoint: String, farm: FarmState)], _ find: Find
  ) {
    if endpoints.count == 1 {
      return find(
        "nodes", .warning,
        "one node only: if it fails or lies, nobody says so; give a second --rpc")
    }
    var agreement = BlockAgreement()
    for (index, entry) in farms.enumerated() {
      let sighting = entry.farm.sighting
      if case .disputed(_, let why) = agreement.verdict(on: sighting, at: .now) {
        return find("nodes", .failure, "\(entry.endpoint) disagrees about the block: \(why)")
      }
      agreement.note(index, sighting, at: .now)
    }
    find(
      "nodes", farms.count == endpoints.count ? .ok : .warning,
      "\(farms.count) of \(endpoints.count) nodes can be used, and they agree about the block")
  }
}

extension Duration {
  var milliseconds: Int { Int(self / .milliseconds(1)) }
}
