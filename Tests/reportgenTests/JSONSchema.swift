import JSON

/// As much of JSON Schema as this project's schemas use; a keyword that is not known is a fault of the
/// schema.
struct JSONSchema {
  let root: JSON
  /// Whether a member that no schema names is a fault, which a reader of the JSON must not think.
  var isComplete = false

  /// What is wrong with `value`, each with its place.
  func faults(_ value: JSON) -> [String] { faults(value, root, "") }

  private func faults(_ value: JSON, _ schema: JSON, _ place: String) -> [String] {
    if let allowed = schema.bool { return allowed ? [] : ["\(place): not allowed"] }
    guard let keywords = schema.object else { return ["\(place): no schema"] }
    return keywords.flatMap { keyword -> [String] in
      switch keyword.key {
      case "$schema", "title", "description": return []
      case "type":
        let types = keyword.value.array?.compactMap(\.string) ?? [keyword.value.string ?? ""]
        return types.contains { Self.isType(value, $0) }
          ? [] : ["\(place): \(value.line) is no \(types)"]
      case "const":
        return value.line == keyword.value.line ? [] : ["\(place): \(value.line)"]
      case "enum":
        let isOne = keyword.value.array?.contains { $0.line == value.line } ?? false
        return isOne ? [] : ["\(place): \(value.line)"]
      case "minimum":
        guard let number = value.double, let least = keyword.value.double else { return [] }
        return number >= least ? [] : ["\(place): \(number) is below \(least)"]
      case "required":
        let names = keyword.value.array?.compactMap(\.string) ?? []
        return names.filter { value[$0] == nil }.map { "\(place).\($0): missing" }
      case "properties":
        let members = keyword.value.object ?? []
        let unnamed = (value.object ?? []).map(\.key).filter { keyword.value[$0] == nil }
        let isOpen = !isComplete || schema["additionalProperties"] != nil
        return members.flatMap { member in
          value[member.key].map { faults($0, member.value, place + "." + member.key) } ?? []
        } + (isOpen ? [] : unnamed.map { "\(place).\($0): not in the schema" })
      case "additionalProperties":
        let known = schema["properties"]?.object?.map(\.key) ?? []
        return (value.object ?? []).filter { !known.contains($0.key) }.flatMap {
          faults($0.value, keyword.value, place + "." + $0.key)
        }
      case "items":
        return (value.array ?? []).enumerated().flatMap {
          faults($0.element, keyword.value, place + "[\($0.offset)]")
        }
      default: return ["\(place): the keyword \(keyword.key) is not known"]
      }
    }
  }

  private static func isType(_ value: JSON, _ type: String) -> Bool {
    switch (type, value) {
    case ("object", .object), ("array", .array), ("string", .string), ("boolean", .bool),
      ("number", .number), ("null", .null):
      true
    case ("integer", .number(let digits)): Int(digits) != nil
    default: false
    }
  }
}
