import Bytes
import JSON
import Synchronization

/// Gathers look-ups of transactions that come within moments of each other into JSON-RPC batches:
/// after a ledger every transaction under way is looked up at once.
final class LookUps: Sendable {
  private typealias Answer = Result<TransactionAnswer, RPCError>
  private typealias Waiter = (hash: Bytes32, continuation: CheckedContinuation<Answer, Never>)

  private struct State {
    var waiting: [Waiter] = []
    var isScheduled = false
    /// Batches in a row that were not answered where single calls were.
    var refusals = 0
  }

  /// How long the first waits for company.
  private static let company = Duration.milliseconds(4)
  /// After so many refusals the nodes are taken not to serve batches.
  private static let refusalsMax = 3
  private static let method = "getTransaction"

  private let state = Mutex(State())

  func get(_ hash: Bytes32, from client: RPCClient) async throws(RPCError) -> TransactionAnswer {
    guard !Task.isCancelled else { throw Self.cancelled }
    let answer = await withCheckedContinuation { continuation in
      let isFirst = state.withLock { state in
        state.waiting.append((hash, continuation))
        defer { state.isScheduled = true }
        return !state.isScheduled
      }
      guard isFirst else { return }
      Task {
        try? await Task.sleep(for: Self.company)
        await flush(client)
      }
    }
    guard !Task.isCancelled else { throw Self.cancelled }
    return try answer.get()
  }

  private static var cancelled: RPCError { RPCError(.cancelled, "\(method) was cancelled") }

  private func flush(_ client: RPCClient) async {
    let (waiting, isSingle) = state.withLock { state in
      defer {
        state.waiting = []
        state.isScheduled = false
      }
      return (state.waiting, state.refusals >= Self.refusalsMax)
    }
    let size = isSingle ? 1 : client.settings.batchCallsMax
    await withDiscardingTaskGroup { group in
      for first in stride(from: 0, to: waiting.count, by: size) {
        let part = Array(waiting[first..<min(first + size, waiting.count)])
        group.addTask { await self.ask(client, part) }
      }
    }
  }

  private func ask(_ client: RPCClient, _ waiters: [Waiter]) async {
    let parameters = waiters.map { waiter -> JSONValue in ["hash": .string("\(waiter.hash)")] }
    do throws(RPCError) {
      let answers = try await client.batch(Self.method, parameters)
      if waiters.count > 1 { state.withLock { $0.refusals = 0 } }
      for (waiter, answer) in zip(waiters, answers) {
        waiter.continuation.resume(returning: Self.read(answer))
      }
    } catch {
      guard waiters.count > 1, !error.isRetryable, error.code != .cancelled else {
        for waiter in waiters { waiter.continuation.resume(returning: .failure(error)) }
        return
      }
      // The node may not take batches: one by one.
      state.withLock { $0.refusals += 1 }
      for waiter in waiters { await ask(client, [waiter]) }
    }
  }

  private static func read(_ answer: Result<JSONValue, RPCError>) -> Answer {
    do throws(RPCError) {
      return .success(try RPCClient.answer(RPCFields(try answer.get(), method)))
    } catch {
      return .failure(error)
    }
  }
}
