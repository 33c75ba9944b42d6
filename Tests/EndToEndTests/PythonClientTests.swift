import Foundation
import Testing

extension EndToEnd {
  /// An agent in another language, written from Protos/PROTOCOL.md alone: see Tests/Python.
  @Suite(.timeLimit(.minutes(6))) struct PythonClient {
    @Test func checksTheVectorsAndFarmsABlock() async throws {
      let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
      let programs = (try Program.kalepool.path as NSString).deletingLastPathComponent
      let result = try await RunningProgram(
        path: root.path + "/Tests/Python/run", arguments: [programs], environment: [:]
      ).result()
      #expect(result.status == 0, "\(result.output)\n\(result.errors)")
      print(result.output)
      #expect(result.output.contains("vectors: 7 handshakes"))
      #expect(result.lastLine.contains("on chain"))
    }
  }
}
