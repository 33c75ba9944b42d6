import Testing

@testable import HashEngine

@Suite struct PaceTests {
  @Test func portionsGrowAndShrinkToAMillisecond() {
    var pace = Pace(cpuPercent: 100)
    for _ in 0..<20 {
      // 20 million a second.
      let time = Duration.nanoseconds(Int64(pace.limit) * 50)
      #expect(pace.worked(pace.limit, in: time) == .zero)
    }
    #expect((19_000...21_000).contains(pace.limit))
    for _ in 0..<20 {
      _ = pace.worked(pace.limit, in: .microseconds(Int64(pace.limit) * 10))
    }
    #expect((90...110).contains(pace.limit))
  }

  @Test func aFindsShortPortionSaysNothing() {
    var pace = Pace(cpuPercent: 100)
    let limit = pace.limit
    _ = pace.worked(8, in: .milliseconds(3))
    #expect(pace.limit == limit)
  }

  @Test(arguments: [1, 10, 25, 50, 99])
  func restsAreInProportion(percent: Int) {
    var pace = Pace(cpuPercent: percent)
    var rested = Duration.zero
    for _ in 0..<10_000 {
      let rest = pace.worked(1_000, in: .milliseconds(1))
      #expect(rest == .zero || rest >= Pace.restMin)
      rested += rest
    }
    let share = Duration.seconds(10) / (.seconds(10) + rested)
    #expect(abs(share - Double(percent) / 100) < 0.001)
  }
}
