#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Wakes threads that wait for a change.
///
/// A waiter takes `ticket` before it checks the state it waits for. If a change comes between the
/// check and the wait, the wait then ends at once.
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

  /// The number of changes so far.
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

  /// Waits for a change that comes after `ticket` was taken.
  ///
  /// - Returns: whether there was a change within the time.
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
