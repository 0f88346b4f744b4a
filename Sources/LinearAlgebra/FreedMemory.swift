import CKernels

/// The memory of matrices that have been freed.
package enum FreedMemory {
  /// Returns freed memory to the system. glibc would keep it for each thread, and it would add to
  /// what the next step needs. Call it at the end of large steps.
  package static func returnToSystem() { return_freed_memory() }
}
