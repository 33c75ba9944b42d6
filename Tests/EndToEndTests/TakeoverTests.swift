import Foundation
import Testing

/// Two real coordinators over one database, stopped and killed: `Tests/Crowd/takeover` says what
/// must hold, and fails where it does not.
@Suite struct TakeoverTests {
  @Test func theOtherTakesOver() async throws {
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../Crowd/takeover").standardizedFileURL.path
    let program = try RunningProgram(
      path: script, arguments: [], environment: ["KALEPOOL": try Program.kalepool.path])
    let result = try await program.result()
    #expect(result.status == 0, "\(result.output)\n\(result.errors)")
    #expect(result.lastLine.hasSuffix("0 findings"))
  }
}
