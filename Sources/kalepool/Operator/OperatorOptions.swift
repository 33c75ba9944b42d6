import ArgumentParser
import Foundation
import StellarClient

/// How an operator's command finds the coordinator and shows who it is.
struct OperatorOptions: ParsableArguments {
  @Option(help: "The coordinator's address.")
  var url = "http://127.0.0.1:8080"

  @Option(
    help: ArgumentHelp(
      "The coordinator's data folder, for the operator's token.",
      discussion: "The environment variable KALEPOOL_OPERATOR_TOKEN goes before it."))
  var data = DefaultFolder.data

  /// A client that shows the operator's token.
  func client() throws -> BridgeClient {
    var client = BridgeClient(url: url, http: HTTPClient())
    let given = ProcessInfo.processInfo.environment[tokenVariable].flatMap { $0.isEmpty ? nil : $0 }
    client.bearer = try given ?? DataFolder(path: data).operatorToken()
    return client
  }
}
