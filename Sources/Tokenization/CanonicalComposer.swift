/// Unicode normalization form C, with the alignment that `tokenizers` gives.
///
/// A composed character is aligned to the first character it was made of, and reordered marks to
/// the characters that stood at their places: so does unicode-normalization-alignments 0.1.12.
struct CanonicalComposer: Sendable {
  private let unicode = UnicodeTables.shared

  /// A character on its way; `change` is 1 for an added one and −n where n were taken away.
  private struct Element {
    var scalar: UInt32
    var combiningClass: UInt8
    var change: Int
  }

  /// NFC of `text[range]`, or nil when it is in that form already. Sources count from the start of
  /// `text`.
  ///
  /// - Complexity: O(n), and O(m log m) for m combining marks in a row.
  func normalize(_ text: Bytes, _ range: Range<Int>) -> NormalizedText? {
    let text = text.slice(0..<range.upperBound)
    var result = NormalizedText()
    var isChanged = false
    var copied = range.lowerBound
    // Nothing before a character that does not react can be changed by what follows it.
    var start = range.lowerBound
    var at = range.lowerBound
    while at < range.upperBound {
      let (scalar, length) = text.scalar(at: at)
      if !unicode.reacts(scalar) {
        start = at
        at += length
        continue
      }
      var end = start
      var scalars: [UInt32] = []
      var places: [Int] = []
      while end < range.upperBound {
        let (scalar, length) = text.scalar(at: end)
        if end > at, !unicode.reacts(scalar) { break }
        scalars.append(scalar)
        places.append(end)
        end += length
      }
      let elements = composed(ordered(decomposed(scalars)))
      let same =
        elements.count == scalars.count
        && zip(elements, scalars).allSatisfy { $0.scalar == $1 && $0.change == 0 }
      if !same {
        isChanged = true
        copy(text, copied..<start, to: &result)
        append(elements, places, to: &result)
        copied = end
      }
      start = end
      at = end
    }
    guard isChanged else { return nil }
    copy(text, copied..<range.upperBound, to: &result)
    return result
  }

  private func decomposed(_ scalars: [UInt32]) -> [Element] {
    var elements: [Element] = []
    for scalar in scalars {
      for (index, part) in (unicode.decomposition(of: scalar) ?? [scalar]).enumerated() {
        elements.append(
          Element(
            scalar: part, combiningClass: unicode.combiningClass(of: part),
            change: index == 0 ? 0 : 1))
      }
    }
    return elements
  }

  /// Canonical ordering: marks in a row by class, those of one class as they stood.
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

  private func append(_ elements: [Element], _ places: [Int], to text: inout NormalizedText) {
    var used = 0
    for element in elements {
      let place = places[max(0, min(element.change > 0 ? used - 1 : used, places.count - 1))]
      if element.change <= 0 { used += 1 - element.change }
      let scalar = Unicode.Scalar(element.scalar) ?? "\u{FFFD}"
      for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
        text.bytes.append(byte)
        text.sources.append(place)
      }
    }
  }

  private func copy(_ source: Bytes, _ range: Range<Int>, to text: inout NormalizedText) {
    var place = range.lowerBound
    for index in range {
      if source[index] & 0xC0 != 0x80 { place = index }
      text.bytes.append(source[index])
      text.sources.append(place)
    }
  }
}
