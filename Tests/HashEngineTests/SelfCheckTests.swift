import HashEngine
import Testing

@Suite struct SelfCheckTests {
  @Test func allKernelsAgreeWithThePlainHash() {
    var random = SystemRandomNumberGenerator()
    let reports = SelfCheck.run(inputs: 5_000, using: &random)
    #expect(reports.map(\.kernel) == HashKernel.supported)
    for report in reports {
      #expect(report.compared >= 5_000)
      #expect(report.wrong == 0, "\(report.kernel)")
    }
  }
}
