import Diagnostics

/// The names of a study's corpora while the study is read: the target, the other class, the
/// evaluation corpora, and the names that references may use.
struct CorpusNames {
  let all: [String]
  let target: String
  let other: [String]
  let evaluation: [String]

  init(_ corpora: [CorpusEntry], _ keys: YAMLMapping<StudyFile.CodingKeys>) throws {
    let all = corpora.map(\.name)
    let evaluation = corpora.filter { $0.role == .evaluation }.map(\.name)
    let list = try keys.required(.corpora, "a list of corpora")
    for (index, item) in try list.list("corpora").enumerated()
    where all[..<index].contains(all[index]) {
      throw item.fault(
        "each corpus once", found: "\"\(all[index])\" twice", advice: "Rename one of them.")
    }

    let targetValue = try keys.required(.target, "the name of a corpus")
    let target = try targetValue.text("the name of a corpus")
    try Self.check(target, targetValue, all: all, evaluation: evaluation)

    let otherValue = keys[.other]
    var other: [String] = []
    for item in try otherValue?.list("names of corpora") ?? [] {
      let name = try item.text("the name of a corpus")
      try Self.check(name, item, all: all, evaluation: evaluation)
      guard name != target, !other.contains(name) else {
        throw item.fault(
          name == target ? "a corpus other than the target" : "each corpus once",
          advice: "Leave it out.")
      }
      other.append(name)
    }
    if otherValue == nil { other = all.filter { $0 != target && !evaluation.contains($0) } }
    guard !other.isEmpty else {
      throw (otherValue ?? list).fault(
        "at least one corpus beside the target", found: "none",
        advice: "A neuron is found by what tells the target from other text.")
    }
    for name in other {
      guard let a = corpora.first(where: { $0.name == target }),
        let b = corpora.first(where: { $0.name == name }), a.isSameText(as: b)
      else { continue }
      throw list.fault(
        "the target's text to be another than that of the rest",
        found: "the same path for \(target) and \(name)",
        advice: "Name two files, or tell their documents apart with where: {FIELD: VALUE}.")
    }
    self.all = all
    self.target = target
    self.other = other
    self.evaluation = evaluation
  }

  private static func check(
    _ name: String, _ value: YAMLValue, all: [String], evaluation: [String]
  ) throws {
    guard all.contains(name) else {
      throw value.fault("the name of a corpus", advice: NearestName.advice(name, among: all))
    }
    guard !evaluation.contains(name) else {
      throw value.fault(
        "a corpus of role study", found: "\"\(name)\", of role evaluation",
        advice: "An evaluation corpus is neither target nor other.")
    }
  }

  /// Reads `target`, `other` or the name of a corpus; the target's own name means the target class.
  func reference(_ name: String, _ value: YAMLValue) throws -> CorpusReference {
    if CorpusReference.reserved.contains(name) { return CorpusReference(name) }
    guard all.contains(name) else {
      throw value.fault(
        "target, other or the name of a corpus", found: "\"\(name.prefix(80))\"",
        advice: NearestName.advice(name, among: CorpusReference.reserved + all))
    }
    return name == target ? .target : .named(name)
  }

  /// Reads a list of references without duplicates.
  func references(_ value: YAMLValue) throws -> [CorpusReference] {
    var references: [CorpusReference] = []
    for item in try value.list("corpora") {
      let reference = try reference(try item.text("the name of a corpus"), item)
      guard !references.contains(reference) else {
        throw item.fault("each corpus once", advice: "Leave out the second.")
      }
      references.append(reference)
    }
    return references
  }
}

extension CorpusEntry {
  /// Whether two corpora take the same documents from the same paths.
  func isSameText(as other: CorpusEntry) -> Bool {
    func bare(_ entry: CorpusEntry) -> CorpusEntry {
      var entry = entry
      (entry.name, entry.role, entry.note) = ("", .study, nil)
      entry.path = CorpusPath(entry.path.patterns.map(StudyPath.normalized).sorted())
      return entry
    }
    return bare(self) == bare(other)
  }
}
