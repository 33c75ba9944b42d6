/// One parser that is given arbitrary bytes. It may refuse them; what it must not do is trap, hang,
/// leak, or accept what does not come out again.
struct FuzzTarget: Sendable {
  let name: String
  /// Valid inputs, from which the fuzzer starts.
  let seeds: @Sendable () -> [[UInt8]]
  let run: @Sendable ([UInt8]) -> Void

  init(
    _ name: String, seeds: @escaping @Sendable () -> [[UInt8]],
    run: @escaping @Sendable ([UInt8]) -> Void
  ) {
    self.name = name
    self.seeds = seeds
    self.run = run
  }

  static let all: [FuzzTarget] =
    [record, connection, pair, handshake, keyText]
    + messages + xdrTargets + [xdrJSON, strKey, json, rpcAnswer, devnetRequest, bridgeRequest]
}

/// Takes an input apart. At the end everything is zero.
struct Cursor {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

  mutating func number() -> Int { Int(byte()) << 8 | Int(byte()) }

  /// Up to `count` bytes, fewer at the end.
  mutating func bytes(_ count: Int) -> [UInt8] {
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }

  mutating func all() -> [UInt8] { bytes(rest.count) }

  /// Exactly `count` bytes.
  mutating func filled(_ count: Int) -> [UInt8] {
    let some = bytes(count)
    return some + [UInt8](repeating: 0, count: count - some.count)
  }
}
