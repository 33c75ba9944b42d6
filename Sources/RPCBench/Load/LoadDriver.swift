import Glibc

/// Puts workloads on one connection, and holds many.
package struct LoadDriver<Client: EchoClient>: Sendable {
  package let serverProcess: Int32
  package let seconds: Double

  private let clock = ContinuousClock()
  /// Its first byte is 0; a stream's last message has 1 there.
  private let message = [UInt8](0..<UInt8(Workload.messageBytes))
  private var lastMessage: [UInt8] { [1] + message.dropFirst() }

  package init(serverProcess: Int32, seconds: Double) {
    self.serverProcess = serverProcess
    self.seconds = seconds
  }

  /// A quarter of the time to warm up, then the time that counts.
  package func run(_ workload: Workload, on client: Client) async throws -> WorkloadFigures {
    _ = try await once(workload, client, seconds / 4)
    let before = (ProcessUsage(of: getpid()), ProcessUsage(of: serverProcess))
    let start = clock.now
    let (count, times) = try await once(workload, client, seconds)
    let elapsed = (clock.now - start) / .seconds(1)
    let after = (ProcessUsage(of: getpid()), ProcessUsage(of: serverProcess))
    let cpu = (
      after.0.cpuSeconds - before.0.cpuSeconds, after.1.cpuSeconds - before.1.cpuSeconds
    )
    return WorkloadFigures(
      workload: workload, messages: count, seconds: elapsed, perSecond: Double(count) / elapsed,
      p50Us: times.microseconds(at: 0.5), p99Us: times.microseconds(at: 0.99),
      clientCPUSeconds: cpu.0, serverCPUSeconds: cpu.1,
      perCPUSecond: Double(count) / max(cpu.0 + cpu.1, 0.01))
  }

  /// Memory of `count` connections after one call each.
  package func idle(
    _ count: Int, connect: @escaping @Sendable () async throws -> Client
  ) async throws -> IdleFigures {
    let message = message
    func grown(_ count: Int) async throws -> [Client] {
      try await withThrowingTaskGroup(of: Client.self) { group in
        var clients: [Client] = []
        for index in 0..<count {
          if index >= 16, let client = try await group.next() { clients.append(client) }
          group.addTask {
            let client = try await connect()
            guard try await client.call(message) == message else { throw WrongEcho() }
            return client
          }
        }
        for try await client in group { clients.append(client) }
        return clients
      }
    }
    // The first ones pay for what is made once.
    let first = try await grown(min(count, 50))
    let before = (ProcessUsage(of: getpid()), ProcessUsage(of: serverProcess))
    let start = clock.now
    let clients = try await grown(count)
    let elapsed = (clock.now - start) / .seconds(1)
    let after = (ProcessUsage(of: getpid()), ProcessUsage(of: serverProcess))
    for client in first + clients { client.close() }
    return IdleFigures(
      connections: count, connectSeconds: elapsed,
      serverBytesPerConnection: (after.1.memoryBytes - before.1.memoryBytes) / count,
      clientBytesPerConnection: (after.0.memoryBytes - before.0.memoryBytes) / count)
  }

  /// Off the main actor, whose thread would be one more to change to.
  @concurrent private func once(_ workload: Workload, _ client: Client, _ seconds: Double)
    async throws
    -> (Int, LatencyHistogram)
  {
    let end = clock.now + .seconds(seconds)
    guard workload.isStream else {
      return try await calls(workload.inFlight ?? 1, client, until: end)
    }
    let result = Result()
    try await client.withStream { writer, replies in
      if let inFlight = workload.inFlight {
        try await windowed(inFlight, writer, replies, until: end, result)
      } else {
        try await unthrottled(writer, replies, until: end, result)
      }
    }
    return await (result.count, result.times)
  }

  private func calls(_ inFlight: Int, _ client: Client, until end: ContinuousClock.Instant)
    async throws -> (Int, LatencyHistogram)
  {
    try await withThrowingTaskGroup(of: LatencyHistogram.self) { group in
      for _ in 0..<inFlight {
        group.addTask {
          var times = LatencyHistogram()
          var now = clock.now
          while now < end {
            guard try await client.call(message).count == message.count else { throw WrongEcho() }
            let then = clock.now
            times.record(then - now)
            now = then
          }
          return times
        }
      }
      var times = LatencyHistogram()
      for try await part in group { times.add(part) }
      return (Int(times.count), times)
    }
  }

  /// A message goes out for each that comes back.
  private func windowed(
    _ inFlight: Int, _ writer: Client.Writer, _ replies: Client.Replies,
    until end: ContinuousClock.Instant, _ result: Result
  ) async throws {
    var times = LatencyHistogram()
    // Replies come in order, so the oldest is the next.
    var sentAt = [ContinuousClock.Instant](repeating: clock.now, count: inFlight)
    var oldest = 0
    for _ in 0..<inFlight { try await writer.write(message) }
    var waiting = inFlight
    for try await reply in replies {
      guard reply.count == message.count else { throw WrongEcho() }
      let now = clock.now
      times.record(now - sentAt[oldest])
      sentAt[oldest] = now
      oldest = oldest + 1 == inFlight ? 0 : oldest + 1
      if now < end { try await writer.write(message) } else { waiting -= 1 }
      if waiting == 0 { break }
    }
    await result.set(Int(times.count), times)
  }

  private func unthrottled(
    _ writer: Client.Writer, _ replies: Client.Replies, until end: ContinuousClock.Instant,
    _ result: Result
  ) async throws {
    async let written: Int = {
      var count = 1
      while clock.now < end {
        try await writer.write(message)
        count += 1
      }
      try await writer.write(lastMessage)
      return count
    }()
    var count = 0
    for try await reply in replies {
      count += 1
      if reply.first == 1 { break }
    }
    guard try await written == count else { throw WrongEcho() }
    await result.set(count, LatencyHistogram())
  }

  private actor Result {
    private(set) var count = 0
    private(set) var times = LatencyHistogram()

    func set(_ count: Int, _ times: LatencyHistogram) { (self.count, self.times) = (count, times) }
  }
}
