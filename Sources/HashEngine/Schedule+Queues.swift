/// The jobs of one level, in the order in which they take their turns.
struct Queue: Sendable {
  var first: Int?
  var last: Int?
}

/// The queues are linked through the slots, so that a job moves without a search or an allocation.
extension Schedule {
  /// Appends a job that is in no queue.
  mutating func link(_ slot: Int, _ level: Int) {
    precondition(slots[slot].level == nil, "a job is in one queue")
    slots[slot].level = level
    slots[slot].previous = queues[level].last
    slots[slot].next = nil
    if let last = queues[level].last { slots[last].next = slot } else { queues[level].first = slot }
    queues[level].last = slot
  }

  /// Takes a job out of its queue, if it is in one.
  mutating func unlink(_ slot: Int) {
    guard let level = slots[slot].level else { return }
    let (previous, next) = (slots[slot].previous, slots[slot].next)
    if let previous { slots[previous].next = next } else { queues[level].first = next }
    if let next { slots[next].previous = previous } else { queues[level].last = previous }
    slots[slot].level = nil
    slots[slot].previous = nil
    slots[slot].next = nil
  }
}
