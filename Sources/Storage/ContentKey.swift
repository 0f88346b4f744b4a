/// Names a result by what it follows from: equal keys, equal results.
package struct ContentKey: Sendable, Hashable {
  /// What kind of result it is, in words for `reportgen cache list`.
  package let kind: String
  /// SHA-256 of the kind and of all parts.
  package let digest: String

  /// - Parameter parts: everything that the result depends on, besides the program.
  package init(_ kind: String, _ parts: [String]) {
    self.kind = kind
    // Each with its length, so that no two lists read the same.
    digest = Checksum.sha256(of: ([kind] + parts).map { "\($0.utf8.count):\($0)" }.joined())
  }
}

extension Checksum {
  /// The SHA-256 of numbers as they lie in memory.
  package static func sha256<Number: BitwiseCopyable>(of numbers: [Number]) -> String {
    numbers.withUnsafeBytes { sha256(of: $0) }
  }
}
