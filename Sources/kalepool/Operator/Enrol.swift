import ArgumentParser
import Bridge

struct Enrol: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Makes a token with which one agent enrols, once.",
    discussion: "It is shown now and never again: hand it to the pooler over a channel you trust.")

  @Option(help: "The pooler's number, from `pooler add`.")
  var pooler: Int64

  @Flag(help: "The agent waits until `kalepool keys approve` lets it work.")
  var approval = false

  @OptionGroup var operation: OperatorOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let token: API.EnrolmentToken = try await operation.client().call(
      "POST", "/api/v1/operator/poolers/\(pooler)/enrolment-tokens?approval=\(approval)")
    if output.json { return try printJSON(token) }
    print(token.token)
  }
}
