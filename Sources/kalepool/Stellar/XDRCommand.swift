import ArgumentParser
import Bytes
import StellarXDR

/// `kalepool xdr`: any XDR value of Stellar as JSON, and back.
struct XDRCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "xdr",
    abstract: "Turns XDR of any Stellar type into JSON (SEP-51) and back.",
    subcommands: [Decode.self, Encode.self, Types.self])

  struct TypeOption: ParsableArguments {
    @Option(
      help: ArgumentHelp(
        "The type's name, e.g. TransactionEnvelope, TransactionMeta, LedgerKey, SCVal.",
        valueName: "name"))
    var type: String

    func validate() throws {
      guard !XDRJSON.typeNames.contains(type) else { return }
      let lower = type.lowercased()
      let near = XDRJSON.typeNames.filter {
        $0.lowercased().contains(lower) || lower.contains($0.lowercased())
      }
      let hint =
        near.isEmpty
        ? "`kalepool xdr types` lists them" : "perhaps \(near.prefix(5).joined(separator: ", "))"
      throw ValidationError("there is no XDR type \(type): \(hint)")
    }
  }

  struct Decode: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints the JSON of XDR given as base64 or hex.")

    @OptionGroup var type: TypeOption

    @Argument(help: "Base64 or hex; read from standard input if absent or -.")
    var xdr: String?

    func run() throws {
      do { print(try XDRJSON.json(StellarInput.xdr(xdr), as: type.type)) } catch let error
        as XDRJSON.Failure
      {
        throw CommandFailure("this is no \(type.type): \(error)")
      }
    }
  }

  struct Encode: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints the XDR of JSON as base64.")

    @OptionGroup var type: TypeOption

    @Flag(help: "Print hex instead of base64.")
    var hex = false

    @Argument(help: "The JSON; read from standard input if absent or -.")
    var json: String?

    func run() throws {
      do {
        let xdr = try XDRJSON.xdr(StellarInput.text(json), as: type.type)
        print(hex ? Hex.encode(xdr) : Base64.encode(xdr))
      } catch let error as XDRJSON.Failure {
        throw CommandFailure("this is no \(type.type): \(error)")
      }
    }
  }

  struct Types: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lists the names of all types.")

    func run() { for name in XDRJSON.typeNames { print(name) } }
  }
}
