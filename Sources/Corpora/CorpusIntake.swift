import Diagnostics
import JSON
import Statistics
import StudyFile

/// One pass over the documents of a corpus, which decides which documents match, which are taken
/// and which are kept in memory.
struct CorpusIntake {
  private let entry: CorpusEntry
  /// The most documents that are kept in memory.
  private let limit: Int
  /// How many documents were read, blank ones included.
  private(set) var read = 0
  private(set) var blank = 0
  /// How many documents are not blank and fulfil the entry's conditions.
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

  /// How many documents are taken, whether or not they are kept in memory.
  var taken: Int { min(matched, entry.limit) }

  /// The documents that are kept, in the order of the files.
  var documents: [Document] {
    guard let sample else { return first }
    return Array(sample.elements.sorted { $0.index < $1.index }.prefix(limit))
  }

  mutating func skipBlank() {
    read += 1
    blank += 1
  }

  /// Whether the entry's conditions select a JSON line. A line that they refuse is counted as read.
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

  /// The error for a corpus of which no document was taken; nil if one was.
  ///
  /// - Parameter isEmpty: whether the files are empty.
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

/// The values that refused documents had instead, for the message about a condition that nothing
/// meets.
private struct Refusals {
  /// How often each value was seen, for each condition.
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
