import JSON
import StellarClient
import StellarXDR

/// Switches the devnet's faults on and off in turn: each from the middle of one block to the middle
/// of the next, so that works, the opening, plants and harvests all meet it.
actor DemoFaults {
  /// One fault, as `devnet_fault` takes it.
  struct Trial: Sendable {
    let kind: String
    /// Nil: on both nodes.
    var node: Int?
    var value: Int?
    var probability: Double?
    var after = false
    var methods: [String] = []

    var name: String {
      ([kind] + (after ? ["after"] : []) + (node.map { ["node \($0)"] } ?? ["both nodes"]))
        .joined(separator: " ")
    }
  }

  /// What came of the blocks while it was on.
  struct Line: Sendable {
    let name: String
    let block: Int
    var struck = 0
    var figures = DemoFigures()

    var counts: [(name: String, value: Int)] {
      [
        ("block", block), ("struck", struck), ("calls_failed", figures.callsFailed),
        ("planted", figures.planted), ("missed", figures.missed), ("worked", figures.worked),
        ("harvested", figures.harvested), ("exits", figures.exits),
        ("stake_losses", figures.stakeLosses),
      ]
    }
  }

  /// The trusted node alone where the other could help, both where it could not.
  static let trials: [Trial] = [
    Trial(kind: "latency", node: 1, value: 1_500), Trial(kind: "reset", node: 1),
    Trial(kind: "refused", node: 1), Trial(kind: "http-error", node: 1),
    Trial(kind: "http-error", value: 429, probability: 0.2), Trial(kind: "garbage", node: 1),
    Trial(kind: "lag", node: 1), Trial(kind: "stuck", node: 1),
    Trial(kind: "stale-entries", node: 1), Trial(kind: "false-index", node: 1),
    Trial(kind: "false-index", node: 1, value: -1), Trial(kind: "lost", probability: 0.4),
    Trial(kind: "late", value: 2, probability: 0.5), Trial(kind: "duplicate"),
    Trial(kind: "try-again-later", probability: 0.5),
    Trial(kind: "bad-sequence", probability: 0.3, after: true),
    Trial(kind: "queue-full", probability: 0.5), Trial(kind: "fee-spike", value: 30_000),
    Trial(kind: "reset", probability: 0.4, after: true, methods: ["sendTransaction"]),
    Trial(kind: "garbage", probability: 0.3),
  ]

  private let rpc: RPCClient
  private let pool: DemoPool
  private let screen: Screen
  private var lines: [Line] = []
  private var before = DemoFigures()
  private var struckBefore = 0
  private var block: Int?

  /// Of a block's 300 seconds.
  private static let middle = 150

  init(nodes: [String], pool: DemoPool, screen: Screen, http: HTTPClient) {
    rpc = RPCClient(RPCSettings(endpoints: nodes), http: http)
    self.pool = pool
    self.screen = screen
  }

  /// Every trial that was made, in order.
  var results: [Line] { lines }

  /// Goes on to the next fault when a block is at its middle; true: it has just been switched on.
  func turn() async throws -> Bool {
    // By the chain: the coordinator may be kept from knowing.
    let state = try await rpc.call("devnet_state")
    guard let index: Int = state["farmIndex"]?.asInteger(),
      let openedAt: Int = state["blockOpenedAt"]?.asInteger(),
      let now: Int = state["closeTime"]?.asInteger(), now >= openedAt + Self.middle, index != block
    else { return false }
    block = index
    try await stop()
    guard lines.count < Self.trials.count else { return false }
    let trial = Self.trials[lines.count]
    before = try await pool.figures()
    struckBefore = try await struck(trial.kind)
    lines.append(Line(name: trial.name, block: index))
    var parameters: [String: JSONValue] = ["kind": .string(trial.kind)]
    if let node = trial.node { parameters["node"] = .number("\(node)") }
    if let value = trial.value { parameters["value"] = .number("\(value)") }
    if let chance = trial.probability { parameters["probability"] = .number("\(chance)") }
    if trial.after { parameters["after"] = true }
    if !trial.methods.isEmpty { parameters["methods"] = .array(trial.methods.map { .string($0) }) }
    _ = try await rpc.call("devnet_fault", .object(parameters))
    screen.line("Fault on in block \(index): \(trial.name)")
    return true
  }

  /// What the ledgers say was done for these wallets.
  func chain(_ farmers: Set<AccountID>) async throws -> DemoChain {
    try await DemoChain.read(rpc, farmers: farmers)
  }

  /// Switches off what is on, and counts what came of it.
  func stop() async throws {
    _ = try await rpc.call("devnet_heal")
    guard !lines.isEmpty, lines.last?.struck == 0, block != nil else { return }
    let at = lines.count - 1
    lines[at].struck = try await struck(Self.trials[at].kind) - struckBefore
    lines[at].figures = try await pool.figures().since(before)
  }

  private func struck(_ kind: String) async throws -> Int {
    let state = try await rpc.call("devnet_state")
    return state["faults"]?["struck"]?[kind]?.asInteger() ?? 0
  }
}
