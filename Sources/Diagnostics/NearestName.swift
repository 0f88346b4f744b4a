/// "Did you mean …": finds the known name that a misspelt name was probably meant to be.
package enum NearestName {
  /// The known name at the smallest edit distance, if that is at most a third of its length.
  ///
  /// - Complexity: the number of names times their length squared; names above 64 characters get no
  ///   suggestion.
  package static func of(_ name: String, among known: [String]) -> String? {
    let wrong = Array(name.lowercased().unicodeScalars.prefix(65))
    guard wrong.count <= 64 else { return nil }
    var best: (name: String, distance: Int)?
    for candidate in known {
      let right = Array(candidate.lowercased().unicodeScalars.prefix(64))
      let distance = distance(wrong, right)
      guard distance <= max(1, min(right.count, wrong.count) / 3) else { continue }
      if distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.name
  }

  /// A line of advice: the names that may be written instead of `name`.
  package static func advice(_ name: String, among known: [String]) -> String {
    if let nearest = of(name, among: known) { return "Did you mean \(nearest)?" }
    if known.isEmpty { return "There is nothing to name here." }
    let listed = known.prefix(20).joined(separator: ", ")
    return "Known here: \(listed)\(known.count > 20 ? ", …" : "")."
  }

  /// The edit distance: insertions, deletions, substitutions and swaps of neighbours (optimal
  /// string alignment).
  private static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var before: [Int] = []
    var previous = Array(0...b.count)
    for i in 0..<a.count {
      var row = [i + 1]
      for j in 0..<b.count {
        var cost = min(
          previous[j + 1] + 1, row[j] + 1, previous[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, before[j - 1] + 1) }
        row.append(cost)
      }
      (before, previous) = (previous, row)
    }
    return previous[b.count]
  }
}
