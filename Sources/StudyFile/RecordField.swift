import JSON

/// A field of a JSON line, by its name or by its path such as `meta.lang`.
///
/// A dot leads into an object, a number into a list from 0. Keys may contain dots; the longest key
/// that exists is tried first, so `{"meta.lang": …}` and `{"meta": {"lang": …}}` both work.
package struct RecordField: Sendable, Hashable {
  package let name: String

  package init(_ name: String) {
    self.name = name
  }

  /// The default field, `text`.
  package static let text = RecordField("text")

  /// The value of the field; nil if it is missing, which differs from `null`.
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
