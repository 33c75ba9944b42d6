/// What only the homesteader may do.
extension FarmContract {
  /// Stops plants; works and harvests go on.
  package func pause<Host: FarmHost>(on host: inout Host) throws(FarmFailure) {
    var instance = try administered(on: &host)
    guard !instance.isPaused else { throw .kale(.farmPaused) }
    instance.storedPaused = true
    try host.store(instance)
  }

  package func unpause<Host: FarmHost>(on host: inout Host) throws(FarmFailure) {
    var instance = try administered(on: &host)
    guard instance.isPaused else { throw .kale(.farmNotPaused) }
    instance.storedPaused = false
    try host.store(instance)
    try host.extendInstance()
  }

  /// Removes a block, which leaves its pails useless; a missing one is fine.
  package func removeBlock<Host: FarmHost>(_ index: BlockIndex, on host: inout Host)
    throws(FarmFailure)
  {
    _ = try administered(on: &host)
    try host.store(nil as FarmBlock?, at: index)
  }

  private func administered<Host: FarmHost>(on host: inout Host) throws(FarmFailure) -> FarmInstance
  {
    let instance = try host.instance()
    try host.requireAuthorization(of: instance.homesteader)
    return instance
  }
}
