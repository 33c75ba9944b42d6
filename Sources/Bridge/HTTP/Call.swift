import Hummingbird

/// One request after the checks of its route: what a handler works with.
struct Call: Sendable {
  let caller: Caller
  let parameters: [String: String]
  let query: [String: String]
  /// The JSON object of the request, empty where the route takes none.
  let fields: RequestFields
  /// The entity tag the client has.
  let ifNoneMatch: String?
  /// The client's address for rate limits; nil for a direct connection from this machine.
  let remoteAddress: String?

  /// The query's `name` in `range`, or `standard` where it is absent.
  func number(_ name: String, in range: ClosedRange<Int>, default standard: Int)
    throws(BridgeError) -> Int
  {
    guard let text = query[name] else { return standard }
    guard let number = Int(text), range.contains(number) else {
      throw .invalid(
        name, "\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound).")
    }
    return number
  }

  /// The query's `name`, `true` or `false`; absent it is false.
  func flag(_ name: String) throws(BridgeError) -> Bool {
    guard let text = query[name] else { return false }
    guard let flag = Bool(text) else { throw .invalid(name, "\(name) must be true or false.") }
    return flag
  }

  /// The query's `name` as a block index, nil where it is absent.
  func block(_ name: String) throws(BridgeError) -> UInt32? {
    guard let text = query[name] else { return nil }
    guard let block = UInt32(text) else {
      throw .invalid(name, "\(name) must be a block's number.")
    }
    return block
  }
}
