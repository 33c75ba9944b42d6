import ArgumentParser
import Foundation
import StellarClient
import StellarXDR

struct Doctor: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Checks step by step whether a pool can run on these nodes; sends nothing.",
    discussion: """
      Ends with status 1 if something would keep the pool from running. With --json each finding is \
      a line of its own.
      """)

  @Option(help: "public, testnet or devnet.")
  var network: String = "devnet"

  @Option(help: "Address of a Stellar RPC node; repeat it for more, most trusted first.")
  var rpc: [String] = []

  @Option(help: "The split contract's id, C…, on networks where the pool knows none.")
  var splitContract: String?

  @OptionGroup var output: OutputOptions

  func run() async throws {
    guard let network = KaleNetwork.named(network, splitContract: splitContract) else {
      throw CommandFailure(
        "--network is public, testnet or devnet, --split-contract an id that begins with C")
    }
    let endpoints = rpc.isEmpty ? [DefaultFolder.rpc(network.name)].compactMap(\.self) : rpc
    guard !endpoints.isEmpty else {
      throw CommandFailure("--rpc is needed on \(network.name): the address of a Stellar RPC node")
    }
    let doctor = NodeDoctor(network: network, endpoints: endpoints) {
      Int64(Date.now.timeIntervalSince1970)
    }
    var worst = Finding.Level.ok
    var node: String?
    var printing: (any Error)?
    await doctor.run { finding in
      if finding.level == .failure || worst == .ok { worst = finding.level }
      if output.json {
        do { try printJSON(finding) } catch { printing = error }
        return
      }
      if finding.node != node, let name = finding.node { print(name) }
      node = finding.node
      let step = finding.step.padding(toLength: 10, withPad: " ", startingAt: 0)
      print("  \(finding.level.mark)  \(step)  \(finding.text)")
    }
    if let printing { throw printing }
    if !output.json { print(worst.verdict) }
    if worst == .failure { throw ExitCode.failure }
  }
}

extension Finding.Level {
  fileprivate var mark: String {
    switch self {
    case .ok: "ok     "
    case .warning: "warning"
    case .failure: "FAILED "
    }
  }

  fileprivate var verdict: String {
    switch self {
    case .ok: "All is well."
    case .warning: "A pool can run here; see the warnings."
    case .failure: "A pool cannot run here; see what failed."
    }
  }
}

extension KaleNetwork {
  /// The network of a name with a split contract of one's own; nil where either is no such thing.
  fileprivate static func named(_ name: String, splitContract: String?) -> KaleNetwork? {
    guard var network = named(name) else { return nil }
    guard let splitContract else { return network }
    guard let id = StrKey.contract(splitContract) else { return nil }
    network.splitContract = id
    return network
  }
}
