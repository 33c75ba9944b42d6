extension API {
  /// A change of the farmer's own cap on the stake of one block.
  package enum StakeCapChange: Hashable, Sendable {
    case remove
    case stroops(Int64)
  }
}
