import Runtime
import Testing

@Suite struct OwnProcessTests {
  @Test func coreDumpsAreForbidden() async {
    await #expect(processExitsWith: .success) {
      OwnProcess.forbidCoreDumps()
      precondition(!OwnProcess.mayDumpCore)
    }
    // Without it they are not: the look can see the difference.
    await #expect(processExitsWith: .success) { precondition(OwnProcess.mayDumpCore) }
  }
}
