import Foundation
import LinearAlgebra
import Testing

/// What a job of a cluster may use of its machine.
struct AvailableCoresTests {
  /// A folder that stands for the root, with some files of the kernel's.
  private func root(_ files: [String: String]) throws -> String {
    let root = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    for (path, text) in files {
      let file = root.appending(path: path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data((text + "\n").utf8).write(to: file)
    }
    return root.path
  }

  private static let job: [String: String] = [
    "proc/self/cgroup": "0::/slurm/job_7/step_0",
    "sys/fs/cgroup/slurm/cpu.max": "max 100000",
    "sys/fs/cgroup/slurm/job_7/cpu.max": "150000 100000",
    "sys/fs/cgroup/slurm/job_7/memory.max": "4000000000",
    "sys/fs/cgroup/slurm/job_7/memory.current": "1500000000",
    "sys/fs/cgroup/slurm/job_7/memory.stat": "anon 500000000\ninactive_file 1000000000",
    "sys/fs/cgroup/slurm/job_7/step_0/memory.max": "max",
    "sys/fs/cgroup/slurm/job_7/step_0/memory.current": "1400000000",
  ]

  @Test func aJobsLimitsAreThoseOfItsOwnGroupAndOfThoseAbove() throws {
    let root = try root(Self.job)
    defer { try? FileManager.default.removeItem(atPath: root) }
    let group = ControlGroup(root: root)
    #expect(group.cores == 1.5)
    #expect(group.memoryLeft == 3_500_000_000)
    #expect(AvailableCores.count([:], group: group) <= 2)
  }

  @Test func theFirstVersionHasAGroupForEachController() throws {
    let root = try root([
      "proc/self/cgroup": "4:memory:/job\n1:cpu,cpuacct:/job\n0::/",
      "sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_quota_us": "300000",
      "sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_period_us": "100000",
      "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "-1",
      "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000",
      "sys/fs/cgroup/memory/job/memory.limit_in_bytes": "2000",
      "sys/fs/cgroup/memory/job/memory.usage_in_bytes": "2500",
    ])
    defer { try? FileManager.default.removeItem(atPath: root) }
    let group = ControlGroup(root: root)
    #expect(group.cores == 3)
    #expect(group.memoryLeft == 0)
  }

  @Test func withoutGroupsThereIsNoLimit() {
    let group = ControlGroup(root: "/nowhere")
    #expect(group.cores == nil && group.memoryLeft == nil)
    let cores = AvailableCores.count([:], group: group)
    #expect(cores >= 1 && cores <= ProcessInfo.processInfo.activeProcessorCount)
  }

  @Test(arguments: [("1", 1), ("0", nil), ("many", nil), ("4096", nil)])
  func slurmSaysHowManyCoresATaskHas(value: String, cores: Int?) {
    let none = ControlGroup(root: "/nowhere")
    let all = AvailableCores.count([:], group: none)
    #expect(
      AvailableCores.count(["SLURM_CPUS_PER_TASK": value], group: none) == cores ?? all)
  }
}
