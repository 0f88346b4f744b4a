import Diagnostics
import JSON
import Statistics
import StudyFile

/// One pass over the documents of a corpus: which match, which are taken, which are kept.
struct CorpusIntake {
  private let entry: CorpusEntry
  /// The most documents that are kept in memory.
  private let limit: Int
  /// Documents that were read, blank ones included.
  private(set) var read = 0
  private(set) var blank = 0
  /// Documents that are not blank and that the entry asks for.
  private(set) var matched = 0
  private var first: [Document] = []
  private var sample: Reservoir<Document>?
  private var refused = Refusals()

  init(_ entry: CorpusEntry, keeping limit: Int) {
    self.entry = entry
    self.limit = limit
    sample = entry.sample.map {
      Reservoir(size: $0.documents, seed: UInt32(truncatingIfNeeded: $0.seed))
    }
  }

  /// Documents that are taken, whether they are kept or not.
  var taken: Int { min(matched, entry.limit) }

  /// The documents in the order of the files.
  var documents: [Document] {
    guard let sample else { return first }
    return Array(sample.elements.sorted { $0.index < $1.index }.prefix(limit))
  }

  mutating func skipBlank() {
    read += 1
    blank += 1
  }

  /// Whether a JSON line is asked for; one that is not counts as read.
  mutating func isAsked(_ record: JSON) -> Bool {
    for condition in entry.conditions?.all ?? [] {
      let value = condition.field.value(in: record)
      guard condition.holds(for: value) else {
        read += 1
        if matched == 0 { refused.note(value, of: condition, in: record) }
        return false
      }
    }
    return true
  }

  mutating func take(_ text: String, at index: Int) {
    read += 1
    guard !text.isEmpty else {
      blank += 1
      return
    }
    if let characters = entry.characters {
      let length = text.unicodeScalars.count
      guard characters.range.contains(length) else {
        refused.note(length: length)
        return
      }
    }
    matched += 1
    let document = Document(corpus: entry.name, index: index, text: text)
    if sample != nil {
      sample?.offer(document)
    } else if matched <= min(limit, entry.limit) {
      first.append(document)
    }
  }

  /// What to tell where nothing was taken; nil where something was.
  ///
  /// - Parameter isEmpty: whether the files have no byte.
  func emptiness(file: String, isEmpty: Bool) -> Diagnostic? {
    guard matched == 0 else { return nil }
    let asked = [
      entry.conditions.map { "where \($0)" },
      entry.characters.map {
        "of \($0.range.lowerBound) to \($0.range.upperBound) characters"
      },
    ].compactMap(\.self)
    guard read > blank, !asked.isEmpty else {
      return Diagnostic(
        .data, file: file, expected: "at least one document",
        found: isEmpty ? "an empty file" : "none (\(blank) blank)",
        advice: "Name a file with text in it.")
    }
    return Diagnostic(
      .data, file: file, expected: "at least one document \(asked.joined(separator: ", "))",
      found: "none among the \(read) that were read", advice: refused.words)
  }
}

/// What the documents said that were not taken, for whoever asked for something that is not there.
private struct Refusals {
  /// Values by condition, and how often each was seen.
  private var values: [(condition: FieldConditions.Condition, counts: [String: Int])] = []
  private var keys: [String] = []
  private var lengths: ClosedRange<Int>?

  private static let distinct = 1000
  private static let shown = 10
  private static let absent = "no such field"

  mutating func note(_ value: JSON?, of condition: FieldConditions.Condition, in record: JSON) {
    let place =
      values.firstIndex { $0.condition == condition }
      ?? {
        values.append((condition, [:]))
        return values.count - 1
      }()
    if value == nil, keys.isEmpty { keys = (record.object ?? []).map(\.key) }
    let word = value.map(Self.word) ?? Self.absent
    if values[place].counts[word] != nil || values[place].counts.count < Self.distinct {
      values[place].counts[word, default: 0] += 1
    }
  }

  mutating func note(length: Int) {
    let (shortest, longest) = (lengths?.lowerBound ?? length, lengths?.upperBound ?? length)
    lengths = min(length, shortest)...max(length, longest)
  }

  private static func word(_ value: JSON) -> String {
    if let text = value.string { return "\"\(text.prefix(40))\(text.count > 40 ? "…" : "")\"" }
    return value.summary
  }

  var words: String {
    var sentences = values.map { condition, counts in
      let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      if sorted.count == 1, sorted[0].key == Self.absent {
        return "No line has the field \(condition.field.name). "
          + NearestName.advice(condition.field.name, among: keys)
      }
      let list = sorted.prefix(Self.shown).map { "\($0.key) (\($0.value))" }
      return "Found for \(condition.field.name): " + list.joined(separator: ", ")
        + (sorted.count > Self.shown ? ", …" : "") + "."
    }
    if let lengths {
      sentences.append(
        "Those left had \(lengths.lowerBound) to \(lengths.upperBound) characters.")
    }
    return sentences.joined(separator: " ")
  }
}
