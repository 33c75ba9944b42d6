import Glibc

/// A counting semaphore that one thread waits on.
final class Wake: @unchecked Sendable {
  // Sendable because a `sem_t` is made for use from any thread; its memory never moves.
  private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

  init() {
    let status = sem_init(semaphore, 0, 0)
    precondition(status == 0, "no semaphore")
  }

  deinit {
    sem_destroy(semaphore)
    semaphore.deallocate()
  }

  func signal() { sem_post(semaphore) }

  func wait() { while sem_wait(semaphore) != 0 && errno == EINTR {} }
}
