import Bytes
import Foundation
import Testing

@testable import FramedRPC

/// Many streams with random messages, readers that stall and calls that are cancelled, from one
/// seed each: every message of a call that lived arrives whole and in order, nothing stands still,
/// and in the end all credit is back.
@Suite struct ModelTests {
  struct Call {
    var sent: [[UInt8]] = []
    var got: [[UInt8]] = []
    /// Delivered and not yet taken.
    var untaken: [Int] = []
    var isFinished = false
    var hasEnded = false
  }

  @Test(arguments: 0..<60)
  func nothingIsLostAndNothingSticks(_ seed: UInt64) throws {
    var pair = Pair()
    try play(&pair, seed)
  }

  /// One session for a day of virtual time, with much traffic in it: no credit drifts away. Some
  /// minutes without `KALEPOOL_FULL_COUNTS`.
  @Test func noCreditDriftsAway() throws {
    let isFull = ProcessInfo.processInfo.environment["KALEPOOL_FULL_COUNTS"] != nil
    var pair = Pair()
    for round in 0..<UInt64(isFull ? 2_160 : 20) {
      // As long as a peer must wait who cancels so much.
      pair.nowMs += 40_000
      try play(&pair, 1_000 + round)
    }
  }

  private func play(_ pair: inout Pair, _ seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    var calls: [UInt32: Call] = [:]
    var cancelled: Set<UInt32> = []
    var cancels = 0
    for _ in 0..<400 {
      switch Int.random(in: 0..<10, using: &random) {
      case 0 where calls.values.count(where: { !$0.hasEnded }) < 8:
        if let id = try? pair.agent.open(.test, remainingMs: 0) { calls[id] = Call() }
      case 1...4:
        guard let id = pick(calls, where: { !$0.isFinished && !$0.hasEnded }, &random) else {
          break
        }
        let size = [0, 1, 135, 5_000, 66_000, 100_000].randomElement(using: &random) ?? 0
        let message = [UInt8](repeating: UInt8.random(in: 0...255, using: &random), count: size)
        calls[id]?.sent.append(message)
        pair.agent.send(message, on: id)
      case 5:
        guard let id = pick(calls, where: { !$0.isFinished && !$0.hasEnded }, &random) else {
          break
        }
        calls[id]?.isFinished = true
        pair.agent.finish(id)
      case 6 where cancels < 40 && Int.random(in: 0..<4, using: &random) == 0:
        guard let id = pick(calls, where: { !$0.hasEnded }, &random) else { break }
        cancels += 1
        cancelled.insert(id)
        calls[id]?.hasEnded = true
        pair.agent.reset(id, .cancelled)
      default:
        // The server's readers take some.
        guard let id = pick(calls, where: { !$0.untaken.isEmpty }, &random) else { break }
        take(id, &calls, &pair)
      }
      if Bool.random(using: &random) { try carry(&pair, &calls) }
    }
    // Now everybody reads to the end and every call is finished.
    for (id, call) in calls.sorted(by: { $0.key < $1.key }) where !call.isFinished {
      calls[id]?.isFinished = true
      pair.agent.finish(id)
    }
    for _ in 0..<10_000 {
      try carry(&pair, &calls)
      guard let id = calls.keys.sorted().first(where: { calls[$0]?.untaken.isEmpty == false })
      else { break }
      while calls[id]?.untaken.isEmpty == false { take(id, &calls, &pair) }
    }
    pair.server.ping(1)
    pair.agent.ping(1)
    try carry(&pair, &calls)
    for (id, call) in calls where !cancelled.contains(id) {
      #expect(call.got == call.sent, "stream \(id) of seed \(seed)")
      #expect(call.hasEnded, "stream \(id) of seed \(seed)")
    }
    #expect(pair.agent.openStreams == 0 && pair.server.openStreams == 0)
    #expect(pair.agent.creditBytes == RPCConnection.Terms.test.connectionCreditBytes)
    #expect(pair.server.ungivenBytes == 0 && pair.agent.ungivenBytes == 0)
  }

  private func pick(
    _ calls: [UInt32: Call], where isGood: (Call) -> Bool, _ random: inout SplitMix
  ) -> UInt32? {
    calls.keys.sorted().filter { calls[$0].map(isGood) ?? false }.randomElement(using: &random)
  }

  private func take(_ id: UInt32, _ calls: inout [UInt32: Call], _ pair: inout Pair) {
    guard let bytes = calls[id]?.untaken.removeFirst() else { return }
    pair.server.consumed(id, bytes: bytes)
  }

  private func carry(_ pair: inout Pair, _ calls: inout [UInt32: Call]) throws {
    var answers: [UInt32] = []
    let told = try pair.settle()
    for event in told.server {
      switch event {
      case .message(let id, let bytes):
        calls[id]?.got.append(bytes)
        calls[id]?.untaken.append(bytes.count)
      case .inputEnded(let id): answers.append(id)
      default: break
      }
    }
    for id in answers { pair.server.end(id, error: nil) }
    guard !answers.isEmpty else { return }
    for case .ended(let id, nil) in try pair.settle().agent { calls[id]?.hasEnded = true }
  }
}
