import ArgumentParser
import Foundation
import JSON
import StellarClient

/// Where the devnet is, for the commands that talk to a running one.
struct DevnetAddress: ParsableArguments {
  @Option(help: "A node of the devnet.")
  var rpc = "http://127.0.0.1:8000"

  /// Calls one of the devnet's own methods and prints the result as JSON.
  func call(_ method: String, _ parameters: [String: JSONValue?] = [:]) async throws {
    let client = RPCClient(RPCSettings(endpoints: [rpc]))
    let result: JSONValue
    do {
      result = try await client.call(method, .object(parameters.compactMapValues(\.self)))
    } catch {
      throw CommandFailure("the devnet at \(rpc) refuses: \(error.message)")
    }
    print(String(decoding: result.bytes, as: UTF8.self))
  }
}

struct DevnetFault: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fault", abstract: "Switches a fault on and prints its number.")

  @OptionGroup var address: DevnetAddress

  @Argument(
    help: "latency, reset, refused, http-error, garbage, lag, stuck, … (see deploy/devnet.md).")
  var kind: String

  @Option(help: "The node's number, counted from 1; all by default.")
  var node: Int64?

  @Option(help: "An RPC method that it strikes; may be given again. All by default.")
  var method: [String] = []

  @Option(help: "Of striking, each time it could: 0 to 1.")
  var probability: Double?

  @Option(help: "Milliseconds, ledgers, stroops or an HTTP status, as the kind has it.")
  var value: Int64?

  @Flag(help: "Carry the request out, and spoil only its answer.")
  var after = false

  @Option(help: "Which garbage: truncated, types, html, empty, identity, binary, huge.")
  var form: String?

  @Option(help: "Strike so often at most.")
  var times: Int64?

  @Option(help: "End by itself after so many ledgers.")
  var ledgers: Int64?

  @Option(help: "From which its draws follow.")
  var seed: Int64?

  func run() async throws {
    func number(_ value: Int64?) -> JSONValue? { value.map { .number("\($0)") } }
    try await address.call(
      "devnet_fault",
      [
        "kind": .string(kind), "node": number(node),
        "methods": .array(method.map { .string($0) }),
        "probability": probability.map { .number("\($0)") }, "value": number(value),
        "after": .bool(after), "form": form.map { .string($0) }, "times": number(times),
        "ledgers": number(ledgers), "seed": number(seed),
      ])
  }
}

struct DevnetHeal: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "heal", abstract: "Switches faults off: all that fit what is given.")

  @OptionGroup var address: DevnetAddress

  @Option(help: "The fault's number.")
  var id: Int64?

  @Option(help: "Faults of this kind.")
  var kind: String?

  @Option(help: "Faults of this node.")
  var node: Int64?

  func run() async throws {
    try await address.call(
      "devnet_heal",
      [
        "id": id.map { .number("\($0)") }, "kind": kind.map { .string($0) },
        "node": node.map { .number("\($0)") },
      ])
  }
}

struct DevnetAdvance: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "advance", abstract: "Closes ledgers at once.")

  @OptionGroup var address: DevnetAddress

  @Argument(help: "How many.")
  var ledgers: Int64 = 1

  func run() async throws {
    try await address.call("devnet_advance", ["ledgers": .number("\(ledgers)")])
  }
}

struct DevnetStateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "state", abstract: "Prints where the chain stands and which faults struck.")

  @OptionGroup var address: DevnetAddress

  func run() async throws { try await address.call("devnet_state") }
}

struct DevnetClock: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clock", abstract: "Sets how fast ledgers close, or skips ledger time.")

  @OptionGroup var address: DevnetAddress

  @Option(help: "How much faster than the clock; 0 stops it.")
  var speed: Double?

  @Option(help: "Seconds that the next ledger comes later, by the ledgers' clock.")
  var skipSeconds: Int64?

  func run() async throws {
    try await address.call(
      "devnet_clock",
      [
        "speed": speed.map { .number("\($0)") },
        "skipSeconds": skipSeconds.map { .number("\($0)") },
      ])
  }
}

struct DevnetSnapshot: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "snapshot", abstract: "Keeps the chain as it is, in the folder of --snapshots.")

  @OptionGroup var address: DevnetAddress

  @Argument(help: "Its name: letters, digits, - and _.")
  var name: String

  func run() async throws { try await address.call("devnet_snapshot", ["name": .string(name)]) }
}

struct DevnetRestore: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: "Goes on from a snapshot.")

  @OptionGroup var address: DevnetAddress

  @Argument(help: "Its name.")
  var name: String

  func run() async throws { try await address.call("devnet_restore", ["name": .string(name)]) }
}
