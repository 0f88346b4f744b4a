#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Wakes threads that wait for something to change.
///
/// A waiter takes `ticket` before it looks at the state that it waits for; a change between the look
/// and the wait then ends the wait at once.
package final class ChangeSignal: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var changes = 0

  package init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// How many changes there have been.
  package var ticket: Int {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return changes
  }

  /// Tells every waiter that something has changed.
  package func signal() {
    pthread_mutex_lock(mutex)
    changes += 1
    pthread_mutex_unlock(mutex)
    pthread_cond_broadcast(condition)
  }

  /// Waits for a change after a ticket was taken.
  ///
  /// - Returns: whether there was one within the time.
  package func wait(after ticket: Int, seconds: Int) -> Bool {
    var end = timespec()
    clock_gettime(CLOCK_REALTIME, &end)
    end.tv_sec += seconds
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while changes == ticket {
      if pthread_cond_timedwait(condition, mutex, &end) == ETIMEDOUT { return changes != ticket }
    }
    return true
  }
}
