import Testing

@testable import Bridge

@Suite struct AmountTests {
  @Test(
    arguments: [
      (0, "0"), (1, "0.0000001"), (123, "0.0000123"), (10_000_000, "1"), (12_500_000, "1.25"),
      (-1, "-0.0000001"), (-10_000_000, "-1"), (Int64.max, "922337203685.4775807"),
      (Int64.min, "-922337203685.4775808"),
    ] as [(Int64, String)])
  func display(stroops: Int64, text: String) {
    #expect(API.Amount(stroops: stroops).display == text)
  }
}

@Suite struct TokenBucketTests {
  let start = ContinuousClock.now
  let rate = RateLimits.Rate(burst: 2, refill: .seconds(10))

  @Test func aBurstThenOneEveryRefill() {
    var buckets = TokenBuckets()
    #expect(buckets.take("a", rate, at: start) == nil)
    #expect(buckets.take("a", rate, at: start) == nil)
    #expect(buckets.take("a", rate, at: start) == .seconds(10))
    #expect(buckets.take("a", rate, at: start + .seconds(4)) == .seconds(6))
    #expect(buckets.take("b", rate, at: start) == nil)
    #expect(buckets.take("a", rate, at: start + .seconds(10)) == nil)
    #expect(buckets.take("a", rate, at: start + .seconds(10)) != nil)
    // Never more than the burst, however long nothing came.
    let later = start + .seconds(1000)
    let taken = (0..<3).map { _ in buckets.take("a", rate, at: later) == nil }
    #expect(taken == [true, true, false])
  }

  @Test func aClockThatGoesBackGivesNothing() {
    var buckets = TokenBuckets()
    for _ in 0..<2 { _ = buckets.take("a", rate, at: start) }
    #expect(buckets.take("a", rate, at: start - .seconds(1000)) != nil)
  }

  @Test func memoryIsBounded() {
    var buckets = TokenBuckets(keysMax: 10)
    for _ in 0..<3 { _ = buckets.take("newest", rate, at: start + .seconds(500)) }
    for number in 0..<100 {
      _ = buckets.take("\(number)", rate, at: start + .milliseconds(number))
      #expect(buckets.count <= 10)
    }
    // The one used last is still known.
    #expect(buckets.take("newest", rate, at: start + .seconds(500)) != nil)
  }
}

@Suite struct CSVTests {
  @Test(arguments: [
    ("plain", "plain"), ("a,b", "\"a,b\""), ("say \"so\"", "\"say \"\"so\"\"\""),
    ("two\nlines", "\"two\nlines\""), ("a\r\nb", "\"a\r\nb\""), ("=1+1", "'=1+1"),
    ("@cmd", "'@cmd"), ("-x", "'-x"), ("", ""),
  ])
  func quoting(text: String, cell: String) { #expect(StatementCSV.text(text) == cell) }
}

@Suite struct PrometheusTests {
  @Test func numbersAndEscapes() {
    let text = PrometheusText.render([
      Metric(
        "m_total", .counter, help: "a\\b\nc",
        [.init(1), .init(0.5, labels: ["x": "1", "y": "2"]), .init(.infinity), .init(.nan)])
    ])
    #expect(
      text == """
        # HELP m_total a\\\\b\\nc
        # TYPE m_total counter
        m_total 1
        m_total{x="1",y="2"} 0.5
        m_total +Inf
        m_total NaN

        """)
  }
}

@Suite struct PasswordWorkerTests {
  @Test func moreThanAtOnceWaitAndAllAreAnswered() async throws {
    let workers = PasswordWorkers()
    let hash = try await workers.hash("correct horse")
    let fits = try await withThrowingTaskGroup(of: Bool.self) { group in
      for number in 0..<12 {
        group.addTask {
          try await workers.verify(number % 2 == 0 ? "correct horse" : "wrong", against: hash)
        }
      }
      return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    #expect(fits == 6)
    #expect(await workers.queueLength == 0)
    #expect(try await workers.verify("correct horse", against: nil) == false)
  }

  @Test func aCrowdIsSentAwayInsteadOfFillingMemory() async throws {
    let workers = PasswordWorkers(atOnce: 1, waitingMax: 2)
    let refused = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<12 {
        group.addTask {
          do {
            _ = try await workers.hash("correct horse")
            return false
          } catch let error as BridgeError {
            return error.code == .unavailable
          } catch {
            return false
          }
        }
      }
      return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    #expect(refused > 0)
    #expect(await workers.queueLength == 0)
  }
}
