import CProtobufC

/// Memory for one message that is made: C structs that point to each other live until the closure
/// ends, and then go all at once.
final class CArena {
  private var blocks: [UnsafeMutableRawPointer] = []

  private init() {}

  static func with<R>(_ body: (CArena) -> R) -> R {
    let arena = CArena()
    defer { for block in arena.blocks { block.deallocate() } }
    return body(arena)
  }

  /// A zero-terminated copy.
  func text(_ text: String) -> UnsafeMutablePointer<CChar> {
    let bytes = Array(text.utf8CString)
    let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
    copy.initialize(from: bytes, count: bytes.count)
    blocks.append(UnsafeMutableRawPointer(copy))
    return copy
  }

  /// Structs made by `make`, and the array of pointers to them that a repeated field wants.
  func list<Value, C>(
    _ values: [Value], _ make: (Value) -> C
  ) -> UnsafeMutablePointer<UnsafeMutablePointer<C>?> {
    let items = UnsafeMutablePointer<C>.allocate(capacity: max(1, values.count))
    let pointers = UnsafeMutablePointer<UnsafeMutablePointer<C>?>.allocate(
      capacity: max(1, values.count))
    for (at, value) in values.enumerated() {
      (items + at).initialize(to: make(value))
      (pointers + at).initialize(to: items + at)
    }
    blocks.append(UnsafeMutableRawPointer(items))
    blocks.append(UnsafeMutableRawPointer(pointers))
    return pointers
  }
}
