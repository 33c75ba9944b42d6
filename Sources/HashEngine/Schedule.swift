/// Decides for whom to hash next: plain logic, with the time as a parameter and no threads of its own.
///
/// The rule is: always for a farmer with the fewest zeros so far, up to the block's `maxZeros`. With many
/// farmers that gives the most zeros in sum, and a farmer without any nonce comes before all others,
/// so that no stake is lost for want of one. Among equals it goes round.
///
/// Invariants:
/// 1. A job's nonces are in exactly one place: tried, in a portion under way, in its leftovers, or in its
///    untouched rest. So none is tried twice and none is forgotten.
/// 2. A job is in the queue of its level exactly when a portion may be taken from it.
/// 3. A job's leftovers and portions under way are together never more than `threads`.
///
/// Nothing here allocates but ``update(_:)`` and a job's end.
package struct Schedule: Sendable {
  /// How many portions may be under way at once.
  package let threads: Int
  /// All hashes ever made.
  package private(set) var hashes: UInt64 = 0
  /// Jobs that ended since the last ``takeEnds()``.
  private var ends: [JobEnd] = []
  var slots: [Slot] = []
  private var free: [Int] = []
  private var slotOfID: [UInt64: Int] = [:]
  /// `threads` places for each slot, of which `leftoverCount` are in use.
  private var leftovers: [Span] = []
  /// Level 0 is for jobs without a nonce, level 1 + z for those with z zeros.
  var queues = [Queue](repeating: Queue(), count: 66)
  private var stamp: UInt64 = 0

  package init(threads: Int) {
    precondition(threads > 0, "somebody has to search")
    self.threads = threads
  }

  // MARK: Jobs

  /// Makes `jobs` the whole set: new ones start, absent ones are dropped, and for the others limit,
  /// deadline and zeros found elsewhere are taken over.
  ///
  /// A job whose block, entropy, farmer or nonces differ from what was under its id is a new one.
  package mutating func update(_ jobs: [HashJob]) {
    stamp += 1
    for job in jobs {
      if let slot = slotOfID[job.id] {
        if slots[slot].isSameSearch(as: job) {
          renew(slot, job)
          continue
        }
        halt(slot, .dropped)
      }
      add(job)
    }
    for slot in slots.indices
    where slots[slot].isInUse && !slots[slot].isDropped && slots[slot].stamp != stamp {
      halt(slot, .dropped)
    }
  }

  /// The hashes made so far for each job of the set, and for those dropped with a portion under way.
  package func hashesDone() -> [UInt64: UInt64] {
    var done: [UInt64: UInt64] = [:]
    done.reserveCapacity(slotOfID.count)
    for slot in slots where slot.isInUse { done[slot.job.id, default: 0] += slot.hashes }
    return done
  }

  /// The hashes made so far for one job of the set.
  package func hashesDone(for jobID: UInt64) -> UInt64 {
    slotOfID[jobID].map { slots[$0].hashes } ?? 0
  }

  /// The jobs that have ended since the last call.
  package mutating func takeEnds() -> [JobEnd] {
    if ends.isEmpty { return [] }
    defer { ends.removeAll(keepingCapacity: true) }
    return ends
  }

  /// The jobs of the set with the zeros each has reached, in no particular order.
  package var standings: [(job: HashJob, zeros: Int?)] {
    slots.lazy.filter { $0.isInUse && !$0.isDropped }.map { ($0.job, $0.best) }
  }

  /// Whether somebody could take a portion (or find a deadline passed).
  package var hasWork: Bool { queues.contains { $0.first != nil } }

  // MARK: Portions

  /// The next nonces to try, `limit` at most, or nil when there is nothing to do.
  package mutating func take(limit: UInt64, now: ContinuousClock.Instant) -> Portion? {
    precondition(limit > 0, "a portion has a nonce")
    for level in queues.indices {
      while let slot = queues[level].first {
        if let deadline = slots[slot].job.deadline, deadline <= now {
          halt(slot, .deadline)
          continue
        }
        return portion(from: slot, limit)
      }
    }
    return nil
  }

  /// Takes back a portion of which the first `tried` nonces were tried, the best of the candidates
  /// among them having `zeros`. Says whether that is an improvement to be told.
  package mutating func complete(_ portion: Portion, tried: UInt64, zeros: Int?) -> Bool {
    precondition(tried <= portion.count, "more nonces tried than handed out")
    let slot = portion.slot
    hashes += tried
    slots[slot].hashes += tried
    slots[slot].underWay -= 1
    if slots[slot].isDropped {
      endIfIdle(slot)
      return false
    }
    if tried < portion.count { giveBack(slot, portion, tried) }
    var isImprovement = false
    if let zeros, zeros > slots[slot].best ?? -1 {
      slots[slot].best = zeros
      isImprovement = true
    }
    place(slot)
    return isImprovement
  }

  private mutating func portion(from slot: Int, _ most: UInt64) -> Portion {
    // Any nonce will do as the first one: a group of eight would be checked eight times.
    let limit = slots[slot].best == nil ? 1 : most
    let taken: (first: UInt64, count: UInt64)
    if slots[slot].leftoverCount > 0 {
      let at = slot * threads + slots[slot].leftoverCount - 1
      let (part, rest) = leftovers[at].split(limit)
      taken = part
      if let rest { leftovers[at] = rest } else { slots[slot].leftoverCount -= 1 }
    } else {
      guard let untouched = slots[slot].untouched else {
        preconditionFailure("a queued job has nonces left")
      }
      (taken, slots[slot].untouched) = untouched.split(limit)
    }
    slots[slot].underWay += 1
    unlink(slot)
    place(slot)
    return Portion(
      jobID: slots[slot].job.id, first: taken.first, count: taken.count,
      zeros: (slots[slot].best ?? -1) + 1, slot: slot, message: slots[slot].message)
  }

  /// The end of a portion that was not tried, because a candidate came before it.
  private mutating func giveBack(_ slot: Int, _ portion: Portion, _ tried: UInt64) {
    let span = Span(first: portion.first + tried, last: portion.first + (portion.count - 1))
    if let untouched = slots[slot].untouched {
      if span.last &+ 1 == untouched.first {
        slots[slot].untouched = Span(first: span.first, last: untouched.last)
        return
      }
    } else if span.last == slots[slot].job.nonces.upperBound {
      slots[slot].untouched = span
      return
    }
    precondition(slots[slot].leftoverCount < threads, "as many leftovers as threads at most")
    leftovers[slot * threads + slots[slot].leftoverCount] = span
    slots[slot].leftoverCount += 1
  }

  // MARK: A job's states

  private mutating func add(_ job: HashJob) {
    let slot: Int
    if let reused = free.popLast() {
      slot = reused
      slots[slot] = Slot(job, stamp: stamp)
    } else {
      slot = slots.count
      slots.append(Slot(job, stamp: stamp))
      leftovers.append(
        contentsOf: repeatElement(Span(first: 0, last: 0), count: threads))
    }
    slotOfID[job.id] = slot
    place(slot)
  }

  private mutating func renew(_ slot: Int, _ job: HashJob) {
    slots[slot].stamp = stamp
    if slots[slot].halt == .deadline && slots[slot].job.deadline != job.deadline {
      slots[slot].halt = nil
    }
    slots[slot].job.maxZeros = job.maxZeros
    slots[slot].job.deadline = job.deadline
    if let zeros = job.knownZeros, zeros > slots[slot].best ?? -1 { slots[slot].best = zeros }
    place(slot)
  }

  /// Ends a job from outside: no portion is taken from it any more.
  private mutating func halt(_ slot: Int, _ reason: JobEnd.Reason) {
    if reason == .dropped {
      slotOfID[slots[slot].job.id] = nil
      slots[slot].isTold = false
    }
    slots[slot].halt = reason
    place(slot)
  }

  /// Puts a job into the queue of its level, or out of all queues when nothing can be taken from it.
  private mutating func place(_ slot: Int) {
    let level = self.level(of: slot)
    if level != slots[slot].level {
      unlink(slot)
      if let level { link(slot, level) }
    }
    if level == nil { endIfIdle(slot) }
  }

  /// The queue a job belongs into; nil where its search is over or a first nonce under way.
  private mutating func level(of slot: Int) -> Int? {
    if slots[slot].halt == .dropped || slots[slot].halt == .deadline { return nil }
    slots[slot].halt = nil
    if let best = slots[slot].best, best >= slots[slot].job.maxZeros {
      slots[slot].halt = .reachedMaxZeros
      return nil
    }
    if !slots[slot].hasNonces {
      slots[slot].halt = .exhausted
      return nil
    }
    slots[slot].isTold = false
    guard let best = slots[slot].best else {
      // One thread at a time looks for a first nonce: it finds one at once.
      return slots[slot].underWay == 0 ? 0 : nil
    }
    return best + 1
  }

  /// Tells a job's end once its last portion is back.
  private mutating func endIfIdle(_ slot: Int) {
    guard slots[slot].underWay == 0, let reason = slots[slot].halt, slots[slot].isInUse else {
      return
    }
    if !slots[slot].isTold {
      slots[slot].isTold = true
      ends.append(JobEnd(jobID: slots[slot].job.id, reason: reason, hashes: slots[slot].hashes))
    }
    if reason == .dropped {
      slots[slot].isInUse = false
      free.append(slot)
    }
  }
}
