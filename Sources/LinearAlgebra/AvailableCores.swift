import CKernels

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The cores that this process may use.
package enum AvailableCores {
  /// The machine's active cores, or fewer where less is allowed: by `SLURM_CPUS_PER_TASK`, by the
  /// process's affinity (`taskset`, Slurm's task plugin), or by the control group's share of time, of
  /// which a begun core counts. At least 1.
  package static func count(
    _ environment: [String: String] = ProcessInfo.processInfo.environment,
    group: ControlGroup = ControlGroup()
  ) -> Int {
    let allowed = [
      ProcessInfo.processInfo.activeProcessorCount, Int(allowed_cores()),
      environment["SLURM_CPUS_PER_TASK"].flatMap { Int($0) },
      group.cores.map { Int(min($0, 1e6).rounded(.up)) },
    ]
    return max(1, allowed.compactMap(\.self).filter { $0 > 0 }.min() ?? 1)
  }
}
