import ArgumentParser
import Bytes
import StellarXDR

/// `kalepool strkey`: what an address or key says, and the text of raw bytes.
struct StrKeyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "strkey",
    abstract: "Reads and writes Stellar's text forms of keys and ids (G…, C…, M…, …).",
    subcommands: [Decode.self, Encode.self], defaultSubcommand: Decode.self)

  struct Decode: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints kind and payload of a text (the default).")

    @Argument(help: "The text, e.g. G…; read from standard input if absent or -.")
    var text: String?

    @Flag(help: "Print a seed's secret bytes too.")
    var showSecret = false

    @OptionGroup var output: OutputOptions

    func run() throws {
      let text = try StellarInput.text(text)
      guard let (kind, payload) = StrKey.decode(text) else {
        throw CommandFailure(
          "that is no valid key or address: a letter is wrong or missing, or it is none of"
            + " \(StrKey.Kind.allCases.map(\.letter).joined(separator: ", "))")
      }
      let shown = kind == .seed && !showSecret ? nil : Hex.encode(payload)
      if output.json {
        struct Output: Encodable {
          var kind: String
          var versionByte: UInt8
          var payload: String?

          enum CodingKeys: String, CodingKey {
            case kind, payload
            case versionByte = "version_byte"
          }
        }
        try printJSON(
          Output(kind: kind.name, versionByte: kind.rawValue, payload: shown))
      } else {
        print("\(kind.name) \(shown ?? "(secret: --show-secret prints it)")")
      }
    }
  }

  struct Encode: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints the text of a payload given as hex.")

    @Option(
      help: ArgumentHelp(
        "One of \(StrKey.Kind.allCases.filter { $0 != .seed }.map(\.name).joined(separator: ", ")).",
        valueName: "kind"))
    var kind: String

    @Argument(help: "The payload in hex; read from standard input if absent or -.")
    var payload: String?

    func run() throws {
      guard let kind = StrKey.Kind.allCases.first(where: { $0.name == kind && $0 != .seed }) else {
        throw CommandFailure("--kind \(kind) is none: see kalepool strkey encode --help")
      }
      guard let payload = Hex.decode(try StellarInput.text(payload)), kind.allows(payload) else {
        throw CommandFailure("that is not the payload of a \(kind.name) in hex")
      }
      print(StrKey.encode(kind, payload))
    }
  }
}

extension StrKey.Kind {
  fileprivate var name: String {
    switch self {
    case .account: "public_key"
    case .seed: "seed"
    case .contract: "contract"
    case .muxedAccount: "muxed_account"
    case .preAuthTransaction: "pre_auth_tx"
    case .hashX: "sha256_hash"
    case .signedPayload: "signed_payload"
    case .claimableBalance: "claimable_balance"
    case .liquidityPool: "liquidity_pool"
    case .muxedContract: "muxed_contract"
    }
  }

  fileprivate var letter: String {
    switch self {
    case .account: "G…"
    case .seed: "S…"
    case .contract: "C…"
    case .muxedAccount: "M…"
    case .preAuthTransaction: "T…"
    case .hashX: "X…"
    case .signedPayload: "P…"
    case .claimableBalance: "B…"
    case .liquidityPool: "L…"
    case .muxedContract: "W…"
    }
  }
}
