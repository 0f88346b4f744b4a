import JSON

/// Changes a JSON tree in a few places; most of it stays valid, so that a reader gets far.
struct TreeMutator {
  private let donor: [JSON]
  private let count: Int
  private let tree: JSON

  init(_ tree: JSON) {
    var nodes: [JSON] = []
    Self.collect(tree, into: &nodes)
    self.tree = tree
    donor = nodes
    count = nodes.count
  }

  /// A copy of the tree with one to four changes.
  func mutated(_ random: inout FuzzRandom) -> JSON {
    let changes = random.pick([1, 1, 1, 2, 2, 3, 4])
    var places = Set<Int>()
    for _ in 0..<changes { places.insert(random.below(count)) }
    var index = 0
    return rewritten(tree, at: places, &index, &random).first ?? .null
  }

  private static func collect(_ value: JSON, into nodes: inout [JSON]) {
    nodes.append(value)
    switch value {
    case .array(let items): for item in items { collect(item, into: &nodes) }
    case .object(let members): for member in members { collect(member.value, into: &nodes) }
    default: break
    }
  }

  /// The replacement for a value: the value itself or changed, two of it, or nothing.
  private func rewritten(
    _ value: JSON, at places: Set<Int>, _ index: inout Int, _ random: inout FuzzRandom
  ) -> [JSON] {
    let isChanged = places.contains(index)
    index += 1
    var result = value
    switch value {
    case .array(let items):
      var list: [JSON] = []
      for item in items { list += rewritten(item, at: places, &index, &random) }
      result = .array(list)
    case .object(let members):
      var list: [JSON.Member] = []
      for member in members {
        list += rewritten(member.value, at: places, &index, &random).map {
          JSON.Member(key: member.key, value: $0)
        }
      }
      result = .object(list)
    default: break
    }
    return isChanged ? changed(result, &random) : [result]
  }

  private func changed(_ value: JSON, _ random: inout FuzzRandom) -> [JSON] {
    switch random.below(16) {
    case 0: return []
    case 1: return [HostileValues.scalar(&random)]
    case 2: return [random.pick(donor)]
    case 3 where random.oneIn(4): return [value, value]
    case 4 where random.oneIn(8):
      let depth = random.pick([1, 2, 200, 300, 5000])
      return [(0..<depth).reduce(value) { inner, _ in .array([inner]) }]
    default: break
    }
    switch value {
    case .number(let digits): return [Self.number(digits, &random)]
    case .string(let text): return [.string(Self.text(text, &random))]
    case .bool(let flag): return [.bool(!flag)]
    case .null: return [HostileValues.scalar(&random)]
    case .array(let items): return [.array(list(items, &random))]
    case .object(let members): return [.object(object(members, &random))]
    }
  }

  private static func number(_ digits: String, _ random: inout FuzzRandom) -> JSON {
    guard random.oneIn(2), let value = Int(digits) else { return HostileValues.number(&random) }
    let near = [value &+ 1, value &- 1, 0 &- value, value &* 2, value / 2, value &* 1_000_003]
    return .number(String(random.pick(near)))
  }

  private static func text(_ text: String, _ random: inout FuzzRandom) -> String {
    var scalars = Array(text.unicodeScalars)
    switch random.below(4) {
    case 0 where !scalars.isEmpty: scalars.remove(at: random.below(scalars.count))
    case 1:
      scalars.insert(
        contentsOf: Array(HostileValues.text(&random).unicodeScalars),
        at: random.below(scalars.count + 1))
    default: return HostileValues.text(&random)
    }
    return String(String.UnicodeScalarView(scalars))
  }

  private func list(_ items: [JSON], _ random: inout FuzzRandom) -> [JSON] {
    switch random.below(7) {
    case 0: return []
    case 1: return Array(items.prefix(random.below(items.count + 1)))
    case 2: return Array(items.dropLast())
    case 3: return items + [random.pick(donor)]
    case 4: return items.reversed()
    case 5 where random.oneIn(6) && !items.isEmpty:
      // A long list has small items only: the cases test damage, not size.
      let count = random.pick(items.allSatisfy(\.isScalar) ? [50, 300, 3000] : [10, 40])
      return (0..<count).map { items[$0 % items.count] }
    default: return items + items
    }
  }

  private func object(_ members: [JSON.Member], _ random: inout FuzzRandom) -> [JSON.Member] {
    guard !members.isEmpty else {
      return [.init(key: HostileValues.text(&random), value: HostileValues.scalar(&random))]
    }
    var members = members
    let place = random.below(members.count)
    switch random.below(5) {
    case 0: return []
    case 1: members.remove(at: place)
    case 2: members[place] = .init(key: HostileValues.text(&random), value: members[place].value)
    case 3: members.append(.init(key: members[place].key, value: random.pick(donor)))
    default: members.append(.init(key: HostileValues.text(&random), value: random.pick(donor)))
    }
    return members
  }
}

extension JSON {
  fileprivate var isScalar: Bool { array == nil && object == nil }

  /// The value on one line, with every number as it is spelled.
  var compact: String {
    switch self {
    case .null: "null"
    case .bool(let flag): flag ? "true" : "false"
    case .number(let digits): digits
    case .string(let text): Self.quoted(text)
    case .array(let items): "[" + items.map(\.compact).joined(separator: ", ") + "]"
    case .object(let members):
      "{" + members.map { Self.quoted($0.key) + ": " + $0.value.compact }.joined(separator: ", ")
        + "}"
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x22, 0x5C: result += "\\" + String(scalar)
      case 0..<0x20, 0x7F..<0xA0, 0xFFFE...0xFFFF:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
