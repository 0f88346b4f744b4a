/// Identifies a result by everything it depends on: equal keys mean equal results.
package struct ContentKey: Sendable, Hashable {
  /// The kind of result, in words for `reportgen cache list`.
  package let kind: String
  /// SHA-256 of the kind and of all parts.
  package let digest: String

  /// - Parameter parts: everything that the result depends on, besides the program.
  package init(_ kind: String, _ parts: [String]) {
    self.kind = kind
    // Each part is preceded by its length, so that different lists never give the same text.
    digest = Checksum.sha256(of: ([kind] + parts).map { "\($0.utf8.count):\($0)" }.joined())
  }
}

extension Checksum {
  /// The SHA-256 of the bytes of `numbers` in memory.
  package static func sha256<Number: BitwiseCopyable>(of numbers: [Number]) -> String {
    numbers.withUnsafeBytes { sha256(of: $0) }
  }
}
