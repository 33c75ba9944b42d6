import Runtime

/// Runs `body` on a thread of its own, so that the cooperative pool is not kept busy for seconds.
func onOwnThread<R: Sendable>(_ body: @escaping @Sendable () -> R) async -> R {
  await withCheckedContinuation { done in
    _ = OwnThread(name: "measure") { done.resume(returning: body()) }
  }
}
