import ArgumentParser
import StellarXDR

/// `kalepool tx inspect`: what a transaction would do, and who signed it.
struct TransactionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tx", abstract: "Explains transactions.", subcommands: [Inspect.self])

  struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints what a transaction envelope does, its hash, fees and signatures.")

    @Option(help: "The network it is for: public, testnet or devnet.")
    var network = "public"

    @Option(help: "The passphrase of another network, instead of --network.")
    var passphrase: String?

    @OptionGroup var output: OutputOptions

    @Argument(help: "The envelope's base64 or hex; read from standard input if absent or -.")
    var envelope: String?

    func run() throws {
      let report = TransactionReport(try parsed(), on: try place())
      if output.json { try printJSON(report) } else { print(report.text) }
    }

    private func parsed() throws -> TransactionEnvelope {
      do { return try TransactionEnvelope(xdr: StellarInput.xdr(envelope)) } catch let error
        as XDRError
      {
        throw CommandFailure("this is no transaction envelope: \(error)")
      }
    }

    private func place() throws -> TransactionReport.Place {
      if let passphrase { return .init(passphrase: passphrase) }
      guard let network = KaleNetwork.named(network) else {
        throw CommandFailure("--network takes public, testnet or devnet, not \(network)")
      }
      return .init(network)
    }
  }
}
