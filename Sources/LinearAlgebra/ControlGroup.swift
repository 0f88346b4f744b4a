#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The control groups of this process: what a job of a cluster or a container may use of its machine.
/// A limit of a group holds for all groups below it, so the tightest counts.
///
/// Source: the kernel's `Documentation/admin-guide/cgroup-v2.rst`, and `cgroup-v1`.
package struct ControlGroup {
  private let root: String
  /// The process's groups: the hierarchy's number, its controllers, the group's path.
  private let groups: [(hierarchy: String, controllers: String, path: String)]

  /// - Parameter root: the folder that holds `proc` and `sys`.
  package init(root: String = "") {
    self.root = root
    let text = try? String(contentsOfFile: root + "/proc/self/cgroup", encoding: .utf8)
    groups = (text ?? "").split(separator: "\n").compactMap { line in
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      return parts.count == 3 ? (String(parts[0]), String(parts[1]), String(parts[2])) : nil
    }
  }

  /// The folders of a controller's group and of those above it. A container sees its own group as the
  /// root of all.
  private func folders(_ controller: Substring) -> [String] {
    groups.flatMap { group -> [String] in
      // The second version has one hierarchy for all controllers.
      let isUnified = group.hierarchy == "0" && group.controllers.isEmpty
      guard isUnified || group.controllers.split(separator: ",").contains(controller) else {
        return []
      }
      let mount = root + "/sys/fs/cgroup" + (isUnified ? "" : "/" + group.controllers)
      return Self.ancestors(group.path).map { mount + $0 }
    }
  }

  /// `/a/b`, `/a` and the root.
  private static func ancestors(_ path: String) -> [String] {
    let parts = path.split(separator: "/")
    return (0...parts.count).reversed().map { count in
      parts.prefix(count).map { "/" + $0 }.joined()
    }
  }

  /// The cores' worth of time that the process may use; nil without a limit.
  package var cores: Double? {
    folders("cpu").compactMap { folder -> Double? in
      let numbers =
        Self.numbers(folder + "/cpu.max")
        ?? Self.numbers(folder + "/cpu.cfs_quota_us").flatMap { quota in
          Self.numbers(folder + "/cpu.cfs_period_us").map { quota + $0 }
        }
      guard let numbers, numbers.count == 2, numbers[0] > 0, numbers[1] > 0 else { return nil }
      return Double(numbers[0]) / Double(numbers[1])
    }.min()
  }

  /// The bytes that the process may still take; nil without a limit. Pages of files that nobody has
  /// read lately count as free, since the system takes them back.
  package var memoryLeft: Int? {
    folders("memory").compactMap { folder -> Int? in
      let names = [
        ("/memory.max", "/memory.current"), ("/memory.limit_in_bytes", "/memory.usage_in_bytes"),
      ]
      return names.compactMap { limit, used -> Int? in
        guard let limit = Self.numbers(folder + limit)?.first else { return nil }
        let used = (Self.numbers(folder + used)?.first ?? 0) - Self.fileBytes(folder)
        return limit - min(limit, max(0, used))
      }.min()
    }.min()
  }

  private static func fileBytes(_ folder: String) -> Int {
    let text = (try? String(contentsOfFile: folder + "/memory.stat", encoding: .utf8)) ?? ""
    let lines = text.split(separator: "\n").map { $0.split(separator: " ") }
    let names = ["total_inactive_file", "inactive_file"]
    return names.lazy.compactMap { name in
      lines.first { $0.first.map(String.init) == name }?.last.flatMap { Int($0) }
    }.first ?? 0
  }

  /// The numbers of a file's first line; nil where it is missing or says `max`.
  private static func numbers(_ file: String) -> [Int]? {
    guard let text = try? String(contentsOfFile: file, encoding: .utf8) else { return nil }
    let words = text.split(separator: "\n").first?.split(separator: " ") ?? []
    let numbers = words.compactMap { Int($0) }
    return numbers.count == words.count && !numbers.isEmpty ? numbers : nil
  }
}
