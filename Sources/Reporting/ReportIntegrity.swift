import Diagnostics
import JSON
import Storage

/// Compares a report's files with the checksums in its provenance.
package struct ReportIntegrity: Sendable {
  /// A file that differs from what was published.
  package struct Fault: Sendable, Equatable {
    package enum Kind: String, Sendable {
      case changed, missing, extra
    }

    package let path: String
    package let kind: Kind
  }

  package let provenance: Provenance
  /// The SHA-256 of the provenance's own file.
  package let checksum: String
  /// The number of files in the provenance.
  package let files: Int
  /// The faults, sorted by path.
  package let faults: [Fault]

  /// Reads every file of the report in `folder`. The provenance itself is trusted.
  ///
  /// - Throws: `Diagnostic`, of kind `.data` if there is no provenance or it has no checksums.
  package init(of folder: String) throws {
    let file = try FileBytes(reading: folder + "/" + Provenance.name)
    checksum = file.sha256
    provenance = try JSON.decode(Provenance.self, from: file)
    guard let recorded = provenance.reportFiles else {
      throw Diagnostic(
        .data, file: file.name, field: "report_files", expected: "the checksums of the report",
        found: "none", advice: "`reportgen render` records them; before, nothing can be verified.")
    }
    let sums = Dictionary(recorded.map { ($0.path, $0.sha256) }) { first, _ in first }
    let present = try Self.paths(in: folder)
    let extra = present.filter {
      sums[$0] == nil && $0 != Provenance.name
        && !($0 == GitAttributes.name && GitAttributes.isIntact(folder + "/" + $0))
    }
    var faults = extra.map { Fault(path: $0, kind: .extra) }
    for (path, sum) in sums {
      if !present.contains(path) {
        faults.append(Fault(path: path, kind: .missing))
      } else if try FileBytes(reading: folder + "/" + path).sha256 != sum {
        faults.append(Fault(path: path, kind: .changed))
      }
    }
    files = sums.count
    self.faults = faults.sorted { $0.path < $1.path }
  }

  /// The paths of all files below `folder`.
  private static func paths(in folder: String) throws -> Set<String> {
    var paths: Set<String> = []
    var open = [""]
    while let prefix = open.popLast() {
      let part = PublishFolder(path: folder)
      for name in try part.names(in: prefix) {
        let path = prefix.isEmpty ? name : prefix + "/" + name
        if part.isFolder(path) { open.append(path) } else { paths.insert(path) }
      }
    }
    return paths
  }
}

/// Compares the numbers of two findings of the same study.
package struct FindingsComparison: Sendable {
  /// The tolerated difference between machines, relative to the number, or to 1 if that is larger.
  package static let tolerance = 1e-4

  /// The number of values that were compared.
  package private(set) var numbers = 0
  /// The largest difference, relative to the number, or to 1 if that is larger.
  package private(set) var largest = 0.0
  /// The addresses that differ, and how.
  package private(set) var faults: [(address: String, expected: String, found: String)] = []

  package init(published: FindingsFile, rerun: FindingsFile) {
    self.init(
      published: published.json["findings"] ?? .null, rerun: rerun.json["findings"] ?? .null)
  }

  package init(published: JSON, rerun: JSON) {
    compare(published, rerun, at: "")
  }

  private mutating func compare(_ a: JSON, _ b: JSON, at address: String) {
    switch (a, b) {
    case (.number, .number):
      numbers += 1
      if let first = a.integer, let second = b.integer, first != second {
        faults.append((address, a.summary, b.summary))
      }
      guard a.integer == nil || b.integer == nil, let first = a.double, let second = b.double
      else { return }
      let difference = abs(first - second) / max(1, abs(first))
      largest = max(largest, difference)
      if !(difference <= Self.tolerance) { faults.append((address, a.summary, b.summary)) }
    case (.array(let first), .array(let second)) where first.count == second.count:
      for (index, pair) in zip(first, second).enumerated() {
        compare(pair.0, pair.1, at: Self.join(address, "\(index)"))
      }
    case (.object(let first), .object(let second)) where first.count == second.count:
      for member in first {
        compare(member.value, b[member.key] ?? .null, at: Self.join(address, member.key))
      }
    case (.string(let first), .string(let second)) where first.utf8.elementsEqual(second.utf8):
      break
    case (.bool(let first), .bool(let second)) where first == second: break
    case (.null, .null): break
    default: faults.append((address, a.summary, b.summary))
    }
  }

  private static func join(_ address: String, _ step: String) -> String {
    address.isEmpty ? step : address + "." + step
  }
}
