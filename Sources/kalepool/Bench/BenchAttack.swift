import ArgumentParser
import RPCBench
import Runtime

struct BenchAttack: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attack",
    abstract: "Attacks a coordinator's port with half-open sockets and floods of handshakes.",
    discussion: """
      Starts a devnet and a coordinator with a database of its own and connects agents, whose calls \
      are measured all the while: first alone, then with thousands of sockets that never finish \
      their handshake while other agents come, then under each kind of flood.
      """)

  @Option(help: "Half-open sockets.")
  var sockets = 10_000

  @Option(help: "Loopback addresses they and the floods come from.")
  var addresses = 200

  @Option(help: "Agents that are connected and call.")
  var agents = 100

  @Option(help: "Seconds for each part.")
  var seconds = 10

  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard sockets > 0, (1...60_000).contains(addresses), (1...256).contains(agents), seconds > 0
    else {
      throw CommandFailure(
        "--sockets and --seconds: above 0; --addresses: 1 to 60,000; --agents: 1 to 256")
    }
  }

  func run() async throws {
    OwnProcess.allowManyFiles()
    let screen = Screen(output.json ? .standardError : .standardOutput)
    let figures = try await BenchStage.run { stage in
      try await AttackRun(
        sockets: sockets, addresses: addresses, agents: agents, time: .seconds(seconds),
        screen: screen, stage: stage
      ).play()
    }
    if output.json { try printJSON(figures) }
  }
}

/// What ``BenchAttack`` measured.
struct AttackFigures: Encodable, Sendable {
  struct HalfOpen: Encodable, Sendable {
    var sockets: HalfOpenSockets.Standing
    /// The most resident memory the coordinator has had so far.
    var coordinatorPeakMiB: Double
    /// How long honest agents took from TCP's connect to READY.
    var connects: Int
    var connectP50Ms: Double
    var connectMostMs: Double
    /// Of the connected agents.
    var calls: PingProbe.Figures
  }

  struct Flood: Encodable, Sendable {
    var kind: HandshakeFlood.Kind
    /// Handshakes answered with READY or closed; those closed unread.
    var handled: Int
    var turnedAway: Int
    var perSecond: Double
    /// By the CPU time that the coordinator took beyond what it takes alone.
    var perCPUSecond: Double
    /// Of the connected agents.
    var calls: PingProbe.Figures
  }

  var alone: PingProbe.Figures
  var halfOpen: HalfOpen?
  var floods: [Flood] = []
}
