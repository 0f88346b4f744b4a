/// A Unicode normalization form, with the alignment that `tokenizers` gives.
///
/// The alignment is that of unicode-normalization-alignments 0.1.12. A composed character is
/// aligned to the first of its parts; reordered marks are aligned to the characters whose places
/// they take.
struct UnicodeForm: Sendable {
  let isCompatible: Bool
  let isComposed: Bool
  private let unicode = UnicodeTables.shared

  /// A scalar being normalised. `change` is the alignment of `tokenizers`: 0 kept, 1 inserted by
  /// decomposition, −n after merging with n following scalars.
  private struct Element {
    var scalar: UInt32
    var combiningClass: UInt8
    var change: Int
  }

  init(isCompatible: Bool, isComposed: Bool) {
    self.isCompatible = isCompatible
    self.isComposed = isComposed
  }

  /// `text[range]` in this form; nil if it is in this form already.
  ///
  /// - Complexity: O(n), and O(m log m) for m combining marks in a row.
  func normalize(_ source: AlignedText, _ range: Range<Int>) -> ChangedText? {
    let text = source.bytes.slice(0..<range.upperBound)
    var change: TextChange?
    // A character that does not react separates: what follows it cannot change what precedes it.
    var start = range.lowerBound
    var at = range.lowerBound
    while at < range.upperBound {
      let (scalar, length) = text.scalar(at: at)
      if !reacts(scalar) {
        start = at
        at += length
        continue
      }
      var end = start
      var scalars: [UInt32] = []
      while end < range.upperBound {
        let (scalar, length) = text.scalar(at: end)
        if end > at, !reacts(scalar) { break }
        scalars.append(scalar)
        end += length
      }
      let elements = form(scalars)
      let same =
        elements.count == scalars.count
        && zip(elements, scalars).allSatisfy { $0.scalar == $1 && $0.change == 0 }
      if !same {
        if change == nil { change = TextChange(of: source, range) }
        change?.copy(to: start)
        for element in elements {
          if element.change > 0 {
            change?.insert(element.scalar)
          } else {
            change?.replace(with: element.scalar, removing: -element.change)
          }
        }
        change?.remove(to: end)
      }
      start = end
      at = end
    }
    change?.copy(to: range.upperBound)
    return change?.text
  }

  /// Whether the form can change the character or join it to the one before it.
  @inline(__always)
  private func reacts(_ scalar: UInt32) -> Bool {
    if scalar < 0xA0 { return false }
    if unicode.reacts(scalar) { return true }
    if isCompatible, UnicodeProperties.compatibility[scalar] != nil { return true }
    return !isComposed && unicode.decomposition(of: scalar) != nil
  }

  private func form(_ scalars: [UInt32]) -> [Element] {
    let elements = ordered(decomposed(scalars))
    return isComposed ? composed(elements) : elements
  }

  private func decomposed(_ scalars: [UInt32]) -> [Element] {
    var elements: [Element] = []
    for scalar in scalars {
      let compatible = isCompatible ? UnicodeProperties.compatibility[scalar] : nil
      let parts = compatible ?? unicode.decomposition(of: scalar) ?? [scalar]
      for (index, part) in parts.enumerated() {
        elements.append(
          Element(
            scalar: part, combiningClass: unicode.combiningClass(of: part),
            change: index == 0 ? 0 : 1))
      }
    }
    return elements
  }

  /// Canonical ordering: sorts consecutive marks by class; marks of one class keep their order.
  private func ordered(_ elements: [Element]) -> [Element] {
    var elements = elements
    var start = 0
    while start < elements.count {
      let end = elements[start...].firstIndex { $0.combiningClass == 0 } ?? elements.count
      if end - start > 1 {
        let order = (start..<end).sorted {
          (elements[$0].combiningClass, $0) < (elements[$1].combiningClass, $1)
        }
        elements.replaceSubrange(start..<end, with: order.map { elements[$0] })
      }
      start = end + 1
    }
    return elements
  }

  private func composed(_ elements: [Element]) -> [Element] {
    var output: [Element] = []
    var starter: Int?
    var lastClass: UInt8?
    for element in elements {
      let blocked = lastClass.map { $0 >= element.combiningClass } ?? false
      if let starter, !blocked,
        let composite = unicode.composition(output[starter].scalar, element.scalar)
      {
        output[starter].scalar = composite
        output[starter].change += element.change - 1
        continue
      }
      if element.combiningClass == 0 {
        starter = output.count
        lastClass = nil
      } else if starter != nil {
        lastClass = element.combiningClass
      }
      output.append(element)
    }
    return output
  }
}
