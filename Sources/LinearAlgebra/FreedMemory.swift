import CKernels

/// Memory of matrices that are gone.
package enum FreedMemory {
  /// Gives it back to the system: of its own accord glibc keeps it, thread by thread, and it adds to
  /// what the next step takes. For the ends of large steps.
  package static func returnToSystem() { return_freed_memory() }
}
