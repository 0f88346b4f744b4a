import Dispatch
import Synchronization

/// Loops whose iterations are spread over the cores.
package enum ParallelLoop {
  /// The number of workers unless told otherwise: the cores that this process may use.
  package static let cores = AvailableCores.count()

  /// Calls `body` once for each index, from `workers` threads, in any order.
  package static func forEach(
    _ count: Int, workers: Int, _ body: @Sendable (Int) -> Void
  ) {
    guard count > 1, workers > 1 else {
      for index in 0..<count { body(index) }
      return
    }
    let next = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: min(workers, count)) { _ in
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        if index >= count { return }
        body(index)
      }
    }
  }

  /// Splits `0..<count` into ranges of about equal size and calls `body` for each, in parallel.
  package static func overRanges(
    _ count: Int, workers: Int, atLeast size: Int = 1,
    _ body: @Sendable (Range<Int>) -> Void
  ) {
    let parts = max(1, min(workers * 4, count / max(1, size)))
    forEach(parts, workers: workers) { part in
      body(count * part / parts..<count * (part + 1) / parts)
    }
  }

  /// The results of `body` for each index, in order.
  package static func map<Result: Sendable>(
    _ count: Int, workers: Int, _ body: @Sendable (Int) -> Result
  ) -> [Result] {
    let found = Mutex([Result?](repeating: nil, count: count))
    forEach(count, workers: workers) { index in
      let result = body(index)
      found.withLock { $0[index] = result }
    }
    return found.withLock { $0.compactMap(\.self) }
  }

  /// Computes the items in parallel and passes the results to `merge` in order.
  ///
  /// Every worker owns one `Scratch`. A result is merged only after all those before it, so the
  /// outcome does not depend on the number of workers. The first error stops the loop.
  package static func ordered<Scratch, Result: Sendable>(
    _ count: Int, workers: Int,
    scratch: @Sendable () -> Scratch,
    compute: @Sendable (Int, inout Scratch) throws -> Result,
    merge: @Sendable (Int, Result) throws -> Void
  ) throws {
    let progress = Mutex(OrderedProgress<Result>())
    DispatchQueue.concurrentPerform(iterations: max(1, min(workers, count))) { _ in
      var mine = scratch()
      while true {
        let index = progress.withLock { state -> Int? in
          guard state.failure == nil, state.next < count else { return nil }
          defer { state.next += 1 }
          return state.next
        }
        guard let index else { return }
        do {
          let result = try compute(index, &mine)
          try progress.withLock { state in
            state.waiting[index] = result
            while state.failure == nil,
              let ready = state.waiting.removeValue(forKey: state.merged)
            {
              try merge(state.merged, ready)
              state.merged += 1
            }
          }
        } catch {
          progress.withLock { if $0.failure == nil { $0.failure = error } }
        }
      }
    }
    if let failure = progress.withLock({ $0.failure }) { throw failure }
  }
}

/// The state of an ordered loop.
private struct OrderedProgress<Result: Sendable> {
  var next = 0
  var merged = 0
  var waiting: [Int: Result] = [:]
  var failure: (any Error)?
}
