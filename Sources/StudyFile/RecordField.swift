import JSON

/// A field of a JSON line, by its name or by the names on the way to it: `meta.lang`.
///
/// A dot leads into an object, a number into a list from 0. Where a key itself has dots, the longest
/// key that is there is taken first: `{"meta.lang": …}` and `{"meta": {"lang": …}}` are both found.
package struct RecordField: Sendable, Hashable {
  package let name: String

  package init(_ name: String) {
    self.name = name
  }

  /// The field unless a study names another.
  package static let text = RecordField("text")

  /// The value of this field; nil where it is not there, which is not the same as `null`.
  package func value(in record: JSON) -> JSON? {
    let steps = name.split(separator: ".", omittingEmptySubsequences: false)
    return Self.find(steps[...], in: record)
  }

  private static func find(_ steps: ArraySlice<Substring>, in value: JSON) -> JSON? {
    guard let first = steps.first else { return value }
    if let items = value.array {
      guard let index = Int(first), items.indices.contains(index) else { return nil }
      return find(steps.dropFirst(), in: items[index])
    }
    for length in stride(from: steps.count, to: 0, by: -1) {
      let key = steps.prefix(length).joined(separator: ".")
      if let member = value[key], let found = find(steps.dropFirst(length), in: member) {
        return found
      }
    }
    return nil
  }
}

extension RecordField: Codable {
  package init(from decoder: any Decoder) throws {
    self.init(try decoder.singleValueContainer().decode(String.self))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }
}
